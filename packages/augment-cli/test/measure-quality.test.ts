import { openEngine, type Engine } from '@evenset/gan-core';
import { imagesInMemory, type FeatureExtractor, type ReferenceImages } from '@evenset/quality-eval';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setQuality, type SetQuality } from '../src/run/set-quality.js';
import { openFeatureSpace, type FeatureSpace } from '../src/stages/feature-space.js';
import { measureQuality } from '../src/stages/measure-quality.js';

const image = { size: 16, channels: 1 } as const;
const BYTES = 256;

/** Grey pictures of one bright disc on noise, each of another place, size and brightness. */
function discs(count: number, seed: number, brightness = 200): Uint8Array {
  const images = new Uint8Array(count * BYTES);
  let state = seed;
  const random = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  for (let i = 0; i < count; i++) {
    const [x, y, radius, level] = [
      3 + 10 * random(),
      3 + 10 * random(),
      1 + 4 * random(),
      random(),
    ];
    for (let at = 0; at < BYTES; at++) {
      const isInside = Math.hypot((at % 16) - x, Math.floor(at / 16) - y) < radius;
      images[i * BYTES + at] = (isInside ? brightness * (0.5 + level / 2) : 20) + 10 * random();
    }
  }
  return images;
}

/** Mean brightness of the image's four quarters: an extractor unlike the random convolutions. */
function quarters(): FeatureExtractor {
  return {
    name: 'quarters',
    dimensions: 4,
    extract(images) {
      const features = new Float32Array((images.length / BYTES) * 4);
      images.forEach((value, at) => {
        const place = at % BYTES;
        const quarter = (place % 16 < 8 ? 0 : 1) + (place < 128 ? 0 : 2);
        const index = Math.floor(at / BYTES) * 4 + quarter;
        features[index] = (features[index] ?? 0) + value / 64;
      });
      return Promise.resolve(features);
    },
    dispose: () => Promise.resolve(),
  };
}

const train = discs(200, 1);
const heldOut = discs(120, 2);
let engine: Engine;
let space: FeatureSpace;
let second: FeatureSpace;

/** The space of some train images. */
function spaceOf(images: Uint8Array, own?: FeatureExtractor): Promise<FeatureSpace> {
  const all = imagesInMemory(images, BYTES);
  const pixels = { ...image, read: (positions: ArrayLike<number>) => all.read(positions) };
  return openFeatureSpace({ pixels, split: { train: all.positions } }, engine, own);
}

interface Images {
  readonly generated: Uint8Array;
  readonly heldOut: Uint8Array;
  readonly train: Uint8Array;
}

/** Sets of images, the train images being all that can have been copied. */
function setsOf(images: Images) {
  const learned = imagesInMemory(images.train, BYTES);
  return {
    generated: imagesInMemory(images.generated, BYTES),
    heldOut: imagesInMemory(images.heldOut, BYTES),
    train: learned,
    learned,
  };
}

beforeAll(async () => {
  engine = await openEngine('onnx', { threads: 2 });
  space = await spaceOf(train);
  second = await spaceOf(train, quarters());
});
afterAll(async () => {
  await space.dispose();
  await second.dispose();
  await engine.dispose();
});

/** Measures, and expects what JSON can hold. */
async function measure(
  images: Partial<Images> & Pick<Images, 'generated'>,
  other = space,
): Promise<SetQuality> {
  const quality = await measureQuality(other, setsOf({ train, heldOut, ...images }));
  expect(setQuality.parse(JSON.parse(JSON.stringify(quality)))).toEqual(quality);
  return quality;
}

describe('measureQuality', () => {
  it('finds nothing amiss with fresh real images', async () => {
    const quality = await measure({ generated: discs(150, 3) });
    expect(quality).toMatchObject({ generated: 150, heldOut: 120, train: 200, agreement: null });
    const { kernelDistance, coverage, expectedCoverage, authenticity } = quality;
    expect(kernelDistance?.low).toBeLessThanOrEqual(kernelDistance?.floor.high ?? NaN);
    expect(quality.density?.estimate).toBeGreaterThan(0.6);
    expect(coverage?.estimate).toBeGreaterThan((expectedCoverage ?? NaN) - 0.12);
    expect(quality.precision?.estimate).toBeGreaterThan(0.7);
    expect(quality.recall?.estimate).toBeGreaterThan(0.7);
    expect(quality.diversityRatio).toBeCloseTo(1, 1);
    expect(Math.abs(quality.dataCopying ?? NaN)).toBeLessThan(3);
    expect(authenticity?.generated).toBeCloseTo(authenticity?.heldOut ?? NaN, 0);
    // 120 held-out images are fewer than ten for each of 64 dimensions.
    expect(quality.frechetDistance).toBeNull();
  });

  it('tells copies of train images, one image repeated, and other images', async () => {
    const copies = await measure({ generated: train.subarray(0, 150 * BYTES) });
    expect(copies.dataCopying).toBeLessThan(-3);
    expect(copies.authenticity?.generated).toBe(0);
    expect(copies.authenticity?.heldOut).toBeGreaterThan(0.2);

    const one = discs(1, 5);
    const same = Uint8Array.from({ length: 100 * BYTES }, (_, at) => one[at % BYTES] ?? 0);
    const collapsed = await measure({ generated: same });
    expect(collapsed.diversityRatio).toBe(0);
    expect(collapsed.recall?.estimate).toBeLessThan(0.05);

    const dim = await measure({ generated: discs(150, 6, 60) });
    expect(dim.kernelDistance?.low).toBeGreaterThan(dim.kernelDistance?.floor.high ?? NaN);
    expect(dim.recall?.estimate).toBeLessThan(0.5);
  });

  it('looks for copies among all train images, which it reads in blocks', async () => {
    const many = discs(3000, 11);
    const copied = Buffer.concat(
      Array.from({ length: 300 }, (_, i) =>
        many.subarray((10 * i + 1) * BYTES, (10 * i + 2) * BYTES),
      ),
    );
    let largest = 0;
    const inBlocks = (images: ReferenceImages): ReferenceImages => ({
      positions: images.positions,
      read(wanted) {
        largest = Math.max(largest, wanted.length);
        return images.read(wanted);
      },
    });
    const sets = setsOf({ train: many, heldOut, generated: copied });
    const { train: all, learned } = sets;
    const quality = await measureQuality(space, {
      ...sets,
      train: inBlocks(all),
      learned: inBlocks(learned),
    });
    expect(quality).toMatchObject({ train: 1024, authenticity: { generated: 0 } });
    expect(quality.dataCopying).toBeLessThan(-3);
    expect(largest).toBe(1024);
    const unknown = await measureQuality(space, { ...sets, learned: undefined });
    expect([unknown.dataCopying, unknown.authenticity]).toEqual([null, null]);
  });

  it('says whether a second space agrees', async () => {
    const images = (generated: Uint8Array) => setsOf({ generated, heldOut, train });
    const fresh = await measureQuality(space, images(discs(150, 3)), second);
    const dim = await measureQuality(space, images(discs(150, 6, 60)), second);
    expect([fresh.agreement, dim.agreement]).toEqual([true, true]);
    // Fine stripes, which leave every quarter as bright as it was.
    const noisy = discs(150, 3).map((value, at) => value + (at % 2 === 0 ? 9 : -9));
    expect((await measureQuality(space, images(noisy), second)).agreement).toBe(false);
  });

  it.each([0, 1, 5, 19])(
    'gives no figure that %i held-out images are too few for',
    async (count) => {
      const quality = await measure({
        generated: discs(60, 3),
        heldOut: heldOut.subarray(0, count * BYTES),
      });
      expect(quality).toMatchObject({
        heldOut: count,
        density: null,
        coverage: null,
        precision: null,
        dataCopying: null,
        authenticity: null,
      });
      expect(quality.kernelDistance === null).toBe(count < 10);
      // Beside the train images, which are many.
      expect(quality.diversityRatio).toBeCloseTo(1, 1);
    },
  );

  it.each([0, 1, 5])('gives no figure that %i generated images are too few for', async (count) => {
    const {
      generated,
      heldOut: held,
      train: learned,
      ...figures
    } = await measure({
      generated: discs(count, 3),
    });
    expect([generated, held, learned]).toEqual([count, 120, 200]);
    expect(Object.values(figures).every((figure) => figure === null)).toBe(true);
  });

  it('knows constant images, which differ in nothing', async () => {
    const grey = new Uint8Array(60 * BYTES).fill(90);
    const constant = await spaceOf(grey);
    const quality = await measure({ generated: grey, heldOut: grey, train: grey }, constant);
    expect(quality).toMatchObject({ diversityRatio: null, coverage: { estimate: 1 } });
    expect(quality.kernelDistance?.estimate).toBe(0);
    await constant.dispose();
  });

  it('takes 1,024 of many images', async () => {
    const quality = await measure({ generated: discs(3000, 8), heldOut: discs(1100, 9) });
    expect(quality).toMatchObject({ generated: 1024, heldOut: 1024 });
    expect(quality.frechetDistance).toBeGreaterThan(0);
  });
});
