// Neighbour ratios of candidates among real images, beside brute force in NumPy; and how time grows with either number.
import { fileURLToPath } from 'node:url';
import { measure, median, pythonWith } from '../lib/measure.mjs';

const CANDIDATES = 5000;
const REAL = 50_000;
const DIMENSIONS = 64;
/** Runs of each side, in turns. */
const ROUNDS = 3;

const own = fileURLToPath(new URL('novelty/own.mjs', import.meta.url));
const peer = fileURLToPath(new URL('novelty/peer.py', import.meta.url));

/** @returns the figures, as `npm run bench` prints them */
export async function run() {
  const python = await pythonWith('numpy', 'python3-numpy');
  const ours = [];
  const theirs = [];
  const twiceCandidates = [];
  const twiceReal = [];
  for (let round = 0; round < ROUNDS; round++) {
    theirs.push(
      await measure(python, [peer, ...sizes(CANDIDATES, REAL)], { OPENBLAS_NUM_THREADS: '2' }),
    );
    ours.push(await runOwn(CANDIDATES, REAL));
    twiceCandidates.push(await runOwn(2 * CANDIDATES, REAL));
    twiceReal.push(await runOwn(CANDIDATES, 2 * REAL));
  }
  const of = (runs, key) => median(runs.map((one) => one[key]));
  const seconds = of(ours, 'seconds');
  return [
    {
      name: `${CANDIDATES} candidates, ${REAL} real images, ${DIMENSIONS} dimensions`,
      value: seconds,
      unit: 's',
      peer: of(theirs, 'seconds'),
      ratio: of(theirs, 'seconds') / seconds,
      goal: 'below 5, ratio 1.5',
    },
    {
      name: 'resident memory',
      value: of(ours, 'residentMB'),
      unit: 'MB',
      peer: of(theirs, 'residentMB'),
      ratio: of(ours, 'residentMB') / of(theirs, 'residentMB'),
      goal: 'below 500',
    },
    growth('twice the candidates', of(twiceCandidates, 'seconds'), seconds),
    growth('twice the real images', of(twiceReal, 'seconds'), seconds),
    {
      name: 'largest difference of a ratio from a float64 one',
      value: Math.max(...ours.map((one) => one.worst)),
      unit: '',
      goal: 'below 1e-6',
    },
  ];
}

function growth(name, value, once) {
  return { name, value, unit: 's', ratio: value / once, goal: 'ratio 2' };
}

function sizes(candidates, real) {
  return [candidates, real, DIMENSIONS].map(String);
}

function runOwn(candidates, real) {
  return measure(process.execPath, [own, ...sizes(candidates, real)]);
}
