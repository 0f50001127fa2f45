// Our half of the metrics benchmark: all four of two normal samples, [images, dimensions] each.
import { densityCoverage, openSquaredDistances, precisionRecall } from '@evenset/quality-eval';
import { openOnnxEngine } from '@evenset/tfjs-onnx';
import { normalValues } from '../engine/normal-values.mjs';

const shape = process.argv.slice(2).map(Number);
const [real, generated] = [normalValues(shape, 1), normalValues(shape, 1)];
const engine = await openOnnxEngine();
const start = performance.now();
const distances = await openSquaredDistances(engine, shape[1]);
const figures = {
  ...(await precisionRecall(distances, real, generated)),
  ...(await densityCoverage(distances, real, generated)),
};
const seconds = (performance.now() - start) / 1000;
await engine.dispose();
const residentMB = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ ...figures, seconds, residentMB }));
