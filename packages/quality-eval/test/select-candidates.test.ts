import { describe, expect, it } from 'vitest';
import {
  calibrateNovelty,
  calibrateScores,
  openNeighbourSearch,
  openSelection,
  type ReferenceImages,
} from '../src/index.js';
import { eagerCompiler } from './eager-compiler.js';
import { randomImages, referenceSet } from './images.js';

const image = { size: 4, channels: 1 };
const bytes = 16;
const heldOutLogits = Float32Array.from({ length: 99 }, (_, i) => i);

async function open(
  train: ReferenceImages,
  heldOut: ReferenceImages,
  { minScore = 0.05, earlier }: { minScore?: number; earlier?: Uint8Array } = {},
) {
  const search = await openNeighbourSearch(eagerCompiler, image);
  const novelty = await calibrateNovelty(search, train, heldOut);
  if (!novelty) throw new Error('Expected a novelty calibration.');
  const scores = calibrateScores(heldOutLogits, new Int32Array(99), 1);
  return {
    novelty,
    selection: openSelection({
      label: 0,
      image,
      minScore,
      scores,
      novelty,
      search,
      train,
      earlier: earlier ?? new Uint8Array(0),
    }),
  };
}

describe('openSelection', () => {
  const trainImages = randomImages(1, 300, bytes);
  const train = referenceSet(trainImages, bytes);
  const heldOut = referenceSet(randomImages(2, 400, bytes), bytes);

  it('rejects every exact copy of a train image', async () => {
    const { selection } = await open(train, heldOut);
    const judged = await selection.judge(trainImages, new Float32Array(300).fill(50));
    expect(judged.every(({ reason }) => reason === 'near-copy')).toBe(true);
    expect(judged.map(({ nearest }) => nearest)).toEqual([...train.positions]);
    expect(judged.every(({ novelty }) => novelty === 0)).toBe(true);
  });

  it('rejects exact copies also where train images stand among the held-out ones', async () => {
    const leaky = Buffer.concat([trainImages.subarray(0, 20 * bytes), randomImages(2, 120, bytes)]);
    const { selection, novelty } = await open(train, referenceSet(leaky, bytes));
    expect(novelty.copyDistance).toBeGreaterThan(0);
    const judged = await selection.judge(trainImages, new Float32Array(300).fill(50));
    expect(judged.every(({ reason }) => reason === 'near-copy')).toBe(true);
  });

  it('calls about 1 % of fresh real images copies: its false-alarm rate', async () => {
    const { selection, novelty } = await open(train, heldOut);
    expect(novelty.basis).toBe('held-out');
    const fresh = randomImages(3, 1500, bytes);
    const judged = await selection.judge(fresh, new Float32Array(1500).fill(50));
    const copies = judged.filter(({ reason }) => reason === 'near-copy').length;
    expect(copies).toBeGreaterThan(2);
    expect(copies).toBeLessThan(40);
  });

  it('repeats nothing that an earlier run generated', async () => {
    const earlier = randomImages(8, 20, bytes);
    const { selection } = await open(train, heldOut, { earlier });
    const judged = await selection.judge(earlier, new Float32Array(20).fill(50));
    expect(judged.every(({ reason }) => reason === 'near-duplicate')).toBe(true);
  });

  it('rejects low scores first, and keeps what ranks high enough', async () => {
    const { selection } = await open(train, heldOut, { minScore: 0.3 });
    const [low, high] = await selection.judge(randomImages(4, 2, bytes), Float32Array.of(10, 90));
    expect(low).toMatchObject({ reason: 'low-score', score: 0.12 });
    expect(high).toMatchObject({ reason: undefined, score: 0.92 });
  });

  it('keeps one of several near-duplicates, in one batch and over batches', async () => {
    const { selection } = await open(train, heldOut);
    const one = randomImages(5, 1, bytes);
    const twice = Uint8Array.of(...one, ...one);
    const first = await selection.judge(twice, Float32Array.of(50, 50));
    const second = await selection.judge(one, Float32Array.of(50));
    expect([...first, ...second].map(({ reason }) => reason)).toEqual([
      undefined,
      'near-duplicate',
      'near-duplicate',
    ]);
  });

  it('measures few held-out images by leave-one-out on train, and says so', async () => {
    const { novelty } = await open(train, referenceSet(randomImages(6, 20, bytes), bytes));
    expect(novelty).toMatchObject({ basis: 'leave-one-out', count: 300 });
    expect(novelty.copyDistance).toBeLessThan(novelty.unit);
  });

  it('cannot calibrate novelty on one image', async () => {
    const search = await openNeighbourSearch(eagerCompiler, image);
    const single = referenceSet(randomImages(7, 1, bytes), bytes);
    expect(await calibrateNovelty(search, single, single)).toBeUndefined();
  });
});
