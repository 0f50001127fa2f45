// Our half of the novelty benchmark: the neighbour ratios of candidates, a few of them checked directly.
import { neighbourRatios, openFeatureSearch } from '@evenset/quality-eval';
import { openOnnxEngine } from '@evenset/tfjs-onnx';
import { normalValues } from '../engine/normal-values.mjs';

const NEIGHBOURS = 50;
const CHECKED = 20;
const [candidates, real, dimensions] = process.argv.slice(2).map(Number);
const queries = normalValues([candidates, dimensions], 1);
const train = normalValues([real, dimensions], 1);
const engine = await openOnnxEngine();
const start = performance.now();
const search = await openFeatureSearch(engine, dimensions);
const { ratios } = await neighbourRatios(search, queries, train);
const seconds = (performance.now() - start) / 1000;
await engine.dispose();
const residentMB = process.resourceUsage().maxRSS / 1024;
let worst = 0;
for (let query = 0; query < CHECKED; query++) {
  worst = Math.max(worst, Math.abs(ratios[query] - directRatio(query)));
}
console.log(JSON.stringify({ seconds, residentMB, worst }));

function directRatio(query) {
  const distances = new Float64Array(real);
  for (let row = 0; row < real; row++) {
    let sum = 0;
    for (let i = 0; i < dimensions; i++) {
      sum += (queries[query * dimensions + i] - train[row * dimensions + i]) ** 2;
    }
    distances[row] = Math.sqrt(sum);
  }
  distances.sort();
  const next = distances.subarray(1, NEIGHBOURS + 1);
  return (distances[0] * NEIGHBOURS) / next.reduce((sum, distance) => sum + distance, 0);
}
