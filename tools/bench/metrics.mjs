// Precision, recall, density and coverage of two samples of one normal distribution: beside the published values of
// that case, and their time beside NumPy's.
import { fileURLToPath } from 'node:url';
import { measure, pythonWith } from '../lib/measure.mjs';

const IMAGES = 10_000;
const DIMENSIONS = 1000;
/** Of 10,000 against 10,000 images in 1,000 dimensions with k = 5. */
const PUBLISHED = { precision: 0.477, recall: 0.471, density: 1.056, coverage: 0.974 };

const own = fileURLToPath(new URL('metrics/own.mjs', import.meta.url));
const peer = fileURLToPath(new URL('metrics/peer.py', import.meta.url));

/** @returns the figures, as `npm run bench` prints them */
export async function run() {
  const python = await pythonWith('numpy', 'python3-numpy');
  const sizes = [String(IMAGES), String(DIMENSIONS)];
  const theirs = await measure(python, [peer, ...sizes], { OPENBLAS_NUM_THREADS: '2' });
  const ours = await measure(process.execPath, [own, ...sizes]);
  return [
    ...Object.entries(PUBLISHED).map(([name, published]) => ({
      name: `${name}, beside the published value`,
      value: ours[name],
      unit: '',
      peer: published,
      ratio: ours[name] / published,
      // Of one draw: another one's density differs by a tenth.
      goal: 'ratio 0.85 to 1.15',
    })),
    {
      name: 'time of all four',
      value: ours.seconds,
      unit: 's',
      peer: theirs.seconds,
      ratio: theirs.seconds / ours.seconds,
      goal: 'ratio 1.5',
    },
    {
      name: 'resident memory',
      value: ours.residentMB,
      unit: 'MB',
      peer: theirs.residentMB,
      ratio: ours.residentMB / theirs.residentMB,
      goal: 'below 700',
    },
  ];
}
