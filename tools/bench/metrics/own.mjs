// Our half of the metrics benchmark: all four of two normal samples, [images, dimensions] each.
import { neighbourMetrics, openSquaredDistances } from '@evenset/quality-eval';
import { openOnnxEngine } from '@evenset/tfjs-onnx';
import { normalValues } from '../engine/normal-values.mjs';

const shape = process.argv.slice(2).map(Number);
const [real, generated] = [normalValues(shape, 1), normalValues(shape, 1)];
const engine = await openOnnxEngine();
const start = performance.now();
const distances = await openSquaredDistances(engine, shape[1]);
const { precision, recall, density, coverage } = await neighbourMetrics(distances, real, generated);
const seconds = (performance.now() - start) / 1000;
await engine.dispose();
const residentMB = process.resourceUsage().maxRSS / 1024;
const figures = {
  precision: precision.value,
  recall: recall.value,
  density: density.value,
  coverage: coverage.value,
};
console.log(JSON.stringify({ ...figures, seconds, residentMB }));
