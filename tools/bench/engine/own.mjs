// Our half of the engine benchmark: node own.mjs WORK BATCH SECONDS.
import { openEngine } from '@evenset/gan-core';
import { openCdcgan } from './cdcgan.mjs';
import { dcganSizes, openDcgan } from './dcgan.mjs';
import { openSampling } from './sampling.mjs';
import { openSgemm } from './sgemm.mjs';

const [work, batch, seconds] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
/** A heavy step has taken its memory after the first one; light ones take a few to settle. */
const WARM_UP = work === 'seed64' ? 1 : 5;
const FEWEST = 2;

const engine = await openEngine('onnx');
const { next, images, flops = 0, compileSeconds } = await open();

for (let i = 0; i < WARM_UP; i++) await next();
const times = [];
const start = performance.now();
while (times.length < FEWEST || performance.now() - start < seconds * 1000) {
  const from = performance.now();
  await next();
  times.push((performance.now() - from) / 1000);
}
const perStep = times.toSorted((a, b) => a - b)[times.length >> 1];
console.log(
  JSON.stringify({
    imagesPerSecond: images / perStep,
    gflops: (images * flops) / perStep / 1e9,
    compileSeconds,
    residentMB: process.resourceUsage().maxRSS / 1024,
  }),
);
process.exit();

function open() {
  if (work === 'sgemm') return openSgemm(engine);
  if (work === 'sampling') return openSampling(engine);
  return work in dcganSizes
    ? openDcgan(engine, dcganSizes[work], batch)
    : openCdcgan(engine, work, batch);
}
