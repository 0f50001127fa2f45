import { beforeAll, describe, expect, it } from 'vitest';
import {
  calibrateScores,
  candidateGates,
  fitSelectionRule,
  imagesInMemory,
  openCopyDetector,
  openDuplicateGate,
  openFeatureSearch,
  openNeighbourSearch,
  openSelection,
  selectionOptions,
  type CandidateGates,
  type CopyDetector,
  type FeatureSearch,
  type Judgement,
  type KeptImages,
  type NeighbourSearch,
  type SelectionRule,
} from '../src/index.js';
import { flipHorizontally } from '../src/pixels.js';
import { eagerCompiler } from './eager-compiler.js';
import { randomImages, referenceSet } from './images.js';

const image = { size: 4, channels: 1 };
const bytes = 16;
/** A few random projections of pixels, of which every image's depend on itself alone. */
const extractor = {
  extract: (images: Uint8Array) =>
    Promise.resolve(
      Float32Array.from({ length: images.length / 2 }, (_, at) => {
        const [row, column] = [Math.floor(at / 8), at % 8];
        let sum = 0;
        for (let i = 0; i < bytes; i++)
          sum += Math.sin(1 + 3 * column + 7 * i) * (images[row * bytes + i] ?? 0);
        return sum;
      }),
    ),
};
const heldOutLogits = Float32Array.from({ length: 99 }, (_, i) => i);
const scores = calibrateScores(heldOutLogits, new Int32Array(99), 1);
const options = selectionOptions.parse({ select: 'threshold' });

let pixels: NeighbourSearch;
let features: FeatureSearch;
beforeAll(async () => {
  pixels = await openNeighbourSearch(eagerCompiler, image);
  features = await openFeatureSearch(eagerCompiler, 8);
});

async function detect(
  train: Uint8Array,
  heldOut: Uint8Array,
  copied = train,
): Promise<CopyDetector> {
  const described = async (images: Uint8Array) => ({
    images: referenceSet(images, bytes),
    features: await extractor.extract(images),
  });
  const copies = await openCopyDetector(
    { pixels, features },
    {
      train: await described(train),
      heldOut: await described(heldOut),
      copied: referenceSet(copied, bytes),
    },
  );
  if (!copies) throw new Error('Expected a copy detector.');
  return copies;
}

function gatesOf(copies: CopyDetector): CandidateGates {
  return candidateGates({
    label: 0,
    score: (logit) => scores.score(0, logit),
    probability: (logit) => 1 / (1 + Math.exp(-logit / 20)),
    extractor,
    copies,
    labels: undefined,
  });
}

async function open(
  copies: CopyDetector,
  given: { minScore?: number; rule?: SelectionRule; earlier?: Uint8Array } = {},
) {
  const { minScore = 0.05, rule = fitSelectionRule(options, [], 1) } = given;
  const { earlier = new Uint8Array(0) } = given;
  return openSelection({
    minScore,
    gates: gatesOf(copies),
    rule,
    draw: (index) => (0.5 + index * 0.618033988749895) % 1,
    duplicates: openDuplicateGate({
      image,
      pixels,
      features,
      pixelDistance: 0.5 * copies.copyDistance,
      featureDistance: copies.duplicateDistance,
      kept: keptInMemory(earlier),
      keptFeatures: await extractor.extract(earlier),
    }),
  });
}

/** Kept images that all fit into memory. */
function keptInMemory(first: Uint8Array): KeptImages {
  let all = first;
  return {
    references: () => imagesInMemory(all, bytes),
    add(images) {
      all = Buffer.concat([all, images]);
      return Promise.resolve();
    },
  };
}

const reasonsOf = (judged: Judgement[]) => judged.map(({ reason }) => reason);
const high = (count: number) => new Float32Array(count).fill(50);

describe('copies of train images', () => {
  const train = randomImages(1, 300, bytes);
  const heldOut = randomImages(2, 400, bytes);
  const twice = Buffer.concat([train, train.map((value) => Math.min(255, value + 1))]);
  const planted: [string, Uint8Array][] = [
    ['exact', train],
    ['mirrored', flipHorizontally(train, 4, 1)],
    ['one level brighter', train.map((value) => Math.min(255, value + 1))],
    ['two levels darker', train.map((value) => Math.max(0, value - 2))],
    ['mirrored and brighter', flipHorizontally(train, 4, 1).map((v) => Math.min(255, v + 2))],
  ];

  it.each(planted)('are all rejected: %s', async (_, copies) => {
    const found = [
      await detect(train, heldOut),
      await detect(train, randomImages(6, 20, bytes)),
      // Near-duplicates in train are copied like any, but not measured on.
      await detect(train, heldOut, twice),
      // A manifest's own split may leak.
      await detect(train, Buffer.concat([train.subarray(0, 20 * bytes), heldOut])),
    ];
    for (const detector of found) {
      const selection = await open(detector);
      const judged = await selection.judge(copies, high(300), 0);
      expect(new Set(reasonsOf(judged))).toEqual(new Set(['near-copy']));
      expect(judged.every(({ novelty = 1 }) => novelty < 1)).toBe(true);
    }
  });

  it('name the train image that they are copies of', async () => {
    const selection = await open(await detect(train, heldOut));
    const judged = await selection.judge(train, high(300), 0);
    expect(judged.map(({ nearest }) => nearest)).toEqual([...Array(300).keys()]);
    expect(judged.every(({ novelty }) => novelty === 0)).toBe(true);
  });

  it.each([
    ['held-out', 400],
    ['leave-one-out', 50],
  ])('are what about 1 %% of fresh real images is called, by %s', async (basis, count) => {
    let flagged = 0;
    for (let run = 0; run < 4; run++) {
      const copies = await detect(
        randomImages(10 + run, 300, bytes),
        randomImages(20 + run, count, bytes),
      );
      expect(copies.basis).toBe(basis);
      const { found } = await gatesOf(copies).inspect(randomImages(30 + run, 1000, bytes));
      flagged += found.filter(({ reason }) => reason === 'near-copy').length;
    }
    // 40 are expected; each threshold is about the fourth smallest of some 300 to 400 novelties.
    expect(flagged).toBeGreaterThan(12);
    expect(flagged).toBeLessThan(72);
  });

  it.each([30, 100, 140])(
    'are what few fresh real images of a class of %i are called',
    async (count) => {
      let flagged = 0;
      for (let run = 0; run < 8; run++) {
        const copies = await detect(randomImages(40 + run, count, bytes), new Uint8Array(0));
        const { found } = await gatesOf(copies).inspect(randomImages(60 + run, 400, bytes));
        flagged += found.filter(({ reason }) => reason === 'near-copy').length;
      }
      // 1 % of 3,200 at most are aimed at; eight thresholds by so few images each vary by as much as they are.
      expect(flagged).toBeLessThan(64);
    },
  );

  it('are told by pixels alone where two train images are all there are', async () => {
    const two = train.subarray(0, 2 * bytes);
    const copies = await detect(two, new Uint8Array(0));
    expect(copies).toMatchObject({ copyRatio: undefined, basis: 'leave-one-out', count: 2 });
    const { found } = await gatesOf(copies).inspect(two);
    expect(found.map(({ reason }) => reason)).toEqual(['near-copy', 'near-copy']);
  });

  it('cannot be told from fewer than two different images', async () => {
    for (const [count, value] of [
      [0, 0],
      [1, 0],
      [5, 7],
    ] as const) {
      const images = new Uint8Array(count * bytes).fill(value);
      const described = {
        images: referenceSet(images, bytes),
        features: await extractor.extract(images),
      };
      const sets = { train: described, heldOut: described, copied: described.images };
      expect(await openCopyDetector({ pixels, features }, sets)).toBeUndefined();
    }
  });

  it('are still told by pixels where all features are equal', async () => {
    const constant = (images: Uint8Array) => ({
      images: referenceSet(images, bytes),
      features: new Float32Array(images.length / 2).fill(3),
    });
    const sets = {
      train: constant(train),
      heldOut: constant(heldOut),
      copied: referenceSet(train, bytes),
    };
    const copies = await openCopyDetector({ pixels, features }, sets);
    const { novelty } = (await copies?.measure(train, constant(train).features)) ?? {};
    expect(novelty?.every((own) => own === 0)).toBe(true);
    const fresh = randomImages(9, 100, bytes);
    const { novelty: ofFresh } = (await copies?.measure(fresh, constant(fresh).features)) ?? {};
    expect(ofFresh?.filter((own) => own < 1).length).toBeLessThan(10);
  });
});

describe('openSelection', () => {
  const train = randomImages(1, 300, bytes);
  const heldOut = randomImages(2, 400, bytes);

  it('rejects low scores first, without looking at the image, and keeps what ranks high enough', async () => {
    const selection = await open(await detect(train, heldOut), { minScore: 0.3 });
    const [low, kept] = await selection.judge(
      randomImages(4, 2, bytes),
      Float32Array.of(10, 90),
      0,
    );
    expect(low).toMatchObject({ reason: 'low-score', score: 0.12, novelty: undefined });
    expect(kept).toMatchObject({ reason: undefined, score: 0.92 });
    expect(kept?.novelty).toBeGreaterThan(1);
  });

  it('keeps one of several near-duplicates, in one batch and over batches', async () => {
    const selection = await open(await detect(train, heldOut));
    const one = randomImages(5, 1, bytes);
    const first = await selection.judge(Uint8Array.of(...one, ...one), high(2), 0);
    const second = await selection.judge(one, high(1), 2);
    const mirrored = await selection.judge(flipHorizontally(one, 4, 1), high(1), 3);
    expect(reasonsOf([...first, ...second, ...mirrored])).toEqual([
      undefined,
      'near-duplicate',
      'near-duplicate',
      'near-duplicate',
    ]);
  });

  it('repeats nothing that an earlier run generated', async () => {
    const earlier = randomImages(8, 20, bytes);
    const selection = await open(await detect(train, heldOut), { earlier });
    const judged = await selection.judge(earlier, high(20), 0);
    expect(new Set(reasonsOf(judged))).toEqual(new Set(['near-duplicate']));
  });

  it('judges an image alike whatever batch it comes in', async () => {
    const copies = await detect(train, heldOut);
    const candidates = Buffer.concat([randomImages(7, 90, bytes), train.subarray(0, 10 * bytes)]);
    const logits = Float32Array.from({ length: 100 }, (_, i) => (i * 37) % 100);
    const pool = Array.from(logits, (logit) => gatesOf(copies).rate(logit));
    const budget = selectionOptions.parse({ selectBudget: 2 });
    const rule = fitSelectionRule(budget, pool, 100);
    const whole = await (await open(copies, { rule })).judge(candidates, logits, 0);
    const pieces = await open(copies, { rule });
    const inPieces: Judgement[] = [];
    for (const [from, to] of [
      [0, 3],
      [3, 64],
      [64, 100],
    ] as const) {
      const slice = candidates.subarray(from * bytes, to * bytes);
      inPieces.push(...(await pieces.judge(slice, logits.subarray(from, to), from)));
    }
    expect(inPieces).toEqual(whole);
    expect(new Set(reasonsOf(whole)).size).toBeGreaterThan(3);
  });

  it('draws for each candidate by its number, also where an earlier run has drawn the first ones', async () => {
    const copies = await detect(train, heldOut);
    const rule: SelectionRule = { budget: 2, keepProbability: () => 0.5 };
    const candidates = randomImages(11, 20, bytes);
    const judgedFrom = async (first: number) =>
      (await (await open(copies, { rule })).judge(candidates, high(20), first)).map(
        ({ reason }) => reason === 'not-selected',
      );
    const isLeft = (_: unknown, i: number) => (0.5 + (64 + i) * 0.618033988749895) % 1 >= 0.5;
    expect(await judgedFrom(64)).toEqual(Array.from({ length: 20 }, isLeft));
    expect(await judgedFrom(64)).not.toEqual(await judgedFrom(0));
  });

  it('judges no images at all', async () => {
    const selection = await open(await detect(train, heldOut));
    expect(await selection.judge(new Uint8Array(0), new Float32Array(0), 0)).toEqual([]);
  });

  it.each([2, 4])('accepts one of %i passing candidates', async (budget) => {
    const copies = await detect(train, heldOut);
    const drawn = 6000;
    const logits = Float32Array.from({ length: drawn }, (_, i) => 60 * Math.sin(i));
    const rated = (some: Float32Array) => Array.from(some, (logit) => gatesOf(copies).rate(logit));
    const pool = rated(logits.subarray(0, 3000));
    const rule = fitSelectionRule(selectionOptions.parse({ selectBudget: budget }), pool, 3000);
    const kept = rated(logits).filter(
      (one, i) => (0.5 + i * 0.618033988749895) % 1 < rule.keepProbability(one),
    );
    expect(Math.abs(kept.length / drawn - 1 / budget)).toBeLessThan(0.02);
  });
});
