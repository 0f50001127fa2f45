// Training steps, sampling and memory of the embedded engine beside PyTorch on two threads.
// npm run bench -- engine [--only NAME]: NAME is one of sgemm, small32, seed64, tiny32, base64, sampling, batches.
import { fileURLToPath } from 'node:url';
import { measure, median, pythonWith } from '../lib/measure.mjs';

/** Seconds that a run is timed for, after its first steps. */
const SECONDS = 4;
/** Runs of each side in turns, after one of the peer in every setting. */
const ROUNDS = 2;
const CDCGAN = 'D and G step with SN, conditional BN, DiffAugment, LeCam, Adam, EMA';
/** What is compared; a heavy step is run once a setting. */
const WORKS = {
  small32: { name: 'small32 DCGAN step', batch: 64, goal: 2 },
  seed64: { name: 'seed64 DCGAN step', batch: 16, goal: 1.3, isHeavy: true },
  tiny32: { name: `tiny32 ${CDCGAN}`, batch: 64, goal: 1.5 },
  base64: { name: `base64 ${CDCGAN}`, batch: 32, goal: 1.5 },
  sampling: { name: 'base32 sampling and scoring', batch: 64, goal: 1.5 },
};
/** Batch sizes of tiny32 that the cost of an image is compared over. */
const BATCHES = [8, 32, 128, 256];
/** How PyTorch is run: the best counts. */
const SETTINGS = ['passive', 'active'].flatMap((wait) =>
  ['contiguous', 'channels_last'].map((layout) => ({ wait, layout })),
);

const own = fileURLToPath(new URL('engine/own.mjs', import.meta.url));
const peer = fileURLToPath(new URL('engine/peer.py', import.meta.url));

/** @returns the figures, as `npm run bench` prints them */
export async function run() {
  const at = process.argv.indexOf('--only');
  const only = at < 0 ? undefined : process.argv[at + 1];
  const isWanted = (name) => only === undefined || only === name;
  const figures = [];
  let rate;
  if (isWanted('sgemm') || isWanted('seed64')) {
    rate = (await runOwn('sgemm', 1)).gflops;
    figures.push({ name: 'product of 2048x2048 matrices', value: rate, unit: 'GFLOPS' });
  }
  for (const [work, description] of Object.entries(WORKS)) {
    if (isWanted(work)) figures.push(...(await compare(work, description, rate)));
  }
  if (isWanted('batches')) figures.push(...(await costOfBatches()));
  if (figures.length === 0) throw new Error(`The engine benchmark has no part ${only}.`);
  return figures;
}

async function compare(work, { name, batch, goal, isHeavy = false }, rate) {
  const python = await pythonWith('torch', 'python3-torch');
  const tried = [];
  for (const setting of SETTINGS) tried.push(await runPeer(python, work, batch, setting));
  const best = tried.reduce((a, b) => (b.imagesPerSecond > a.imagesPerSecond ? b : a));
  const ours = [await runOwn(work, batch)];
  const theirs = [best];
  for (let round = 0; round < (isHeavy ? 0 : ROUNDS); round++) {
    theirs.push(await runPeer(python, work, batch, best.setting));
    ours.push(await runOwn(work, batch));
  }
  const of = (runs, key) => median(runs.map((one) => one[key]));
  const figure = (what, key, unit, goal) => {
    const [value, peer] = [of(ours, key), of(theirs, key)];
    return { name: `${name}, ${what}`, value, unit, peer, ratio: value / peer, goal };
  };
  const figures = [
    figure(`batch ${batch}`, 'imagesPerSecond', 'images/s', `ratio ${goal}`),
    figure('resident memory', 'residentMB', 'MB', work === 'seed64' ? 'ratio 1.1' : undefined),
  ];
  if (ours[0].compileSeconds !== undefined) {
    figures.push({
      name: `${name}, compile time`,
      value: of(ours, 'compileSeconds'),
      unit: 's',
      goal: 'below 0.5',
    });
  }
  if (rate !== undefined && ours[0].gflops > 0) {
    const value = of(ours, 'gflops');
    const ratio = value / rate;
    figures.push({
      name: `${name}, arithmetic beside the product's`,
      value,
      unit: 'GFLOPS',
      peer: rate,
      ratio,
      goal: 'ratio 0.75',
    });
  }
  return figures;
}

async function costOfBatches() {
  const figures = [];
  for (const batch of BATCHES) {
    const { imagesPerSecond } = await runOwn('tiny32', batch);
    figures.push({
      name: `tiny32 step, batch ${batch}`,
      value: 1000 / imagesPerSecond,
      unit: 'ms/image',
      goal: 'falling or flat',
    });
  }
  return figures;
}

function runOwn(work, batch) {
  return measure(process.execPath, [own, work, String(batch), String(SECONDS)]);
}

async function runPeer(python, work, batch, setting) {
  const args = [peer, work, String(batch), String(SECONDS), setting.layout];
  const env = { OPENBLAS_NUM_THREADS: '2' };
  if (setting.wait === 'passive') env.OMP_WAIT_POLICY = 'passive';
  return { ...(await measure(python, args, env)), setting };
}
