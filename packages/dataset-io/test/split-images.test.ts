import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitImages, type Splits } from '../src/index.js';

const sizes = ({ train, select, calibrate, test }: Splits) =>
  [train, select, calibrate, test].map(({ length }) => length);

describe('splitImages', () => {
  it('holds a fifth of the train rows out, class by class', () => {
    const labels = Int32Array.from({ length: 150 }, (_, i) => (i < 100 ? 0 : 1));
    const split = splitImages({ labels, groupOf: Number, classCount: 2, seed: 0 });
    expect(sizes(split)).toEqual([120, 15, 15, 0]);
    expect(split.calibrate.filter((i) => labels[i] === 1)).toHaveLength(5);
  });

  it('lets the manifest decide where it has splits', () => {
    const splits = ['train', 'train', 'test', 'val', 'validation', null, 'test'];
    const split = splitImages({
      labels: new Int32Array(7),
      splits,
      groupOf: Number,
      classCount: 1,
      seed: 0,
    });
    expect([...split.train]).toEqual([0, 1, 5]);
    expect([...split.test]).toEqual([2, 6]);
    expect([...split.select, ...split.calibrate].sort()).toEqual([3, 4]);
  });

  it('holds train rows out of a class that has no validation rows', () => {
    const labels = Int32Array.from({ length: 40 }, (_, i) => i % 2);
    const splits = Array.from(labels, (label, i) => (label === 0 && i < 8 ? 'val' : 'train'));
    const split = splitImages({ labels, splits, groupOf: Number, classCount: 2, seed: 0 });
    const countOf = (label: number, positions: Int32Array) =>
      positions.filter((i) => labels[i] === label).length;
    expect([0, 1].map((label) => countOf(label, split.train))).toEqual([16, 16]);
    expect([0, 1].map((label) => countOf(label, split.calibrate))).toEqual([2, 2]);
  });

  it('keeps copies on one side, never empties a class, and loses no image', () => {
    const image = fc.record({ label: fc.nat(2), copy: fc.nat(40) });
    fc.assert(
      fc.property(fc.array(image, { minLength: 1, maxLength: 120 }), fc.nat(), (images, seed) => {
        const labels = Int32Array.from(images, ({ label }) => label);
        const groups = images.map(({ label, copy }) => 100 * label + copy);
        const split = splitImages({
          labels,
          groupOf: (i) => groups[i] ?? -1,
          classCount: 3,
          seed,
        });
        const all = [...split.train, ...split.select, ...split.calibrate, ...split.test];
        expect(all.sort((a, b) => a - b)).toEqual([...images.keys()]);
        const kept = new Set([...split.train].map((i) => groups[i]));
        for (const i of [...split.select, ...split.calibrate])
          expect(kept.has(groups[i])).toBe(false);
        for (const label of new Set(labels)) {
          const of = (positions: Int32Array) => positions.filter((i) => labels[i] === label).length;
          expect(of(split.train)).toBeGreaterThanOrEqual(
            0.6 * labels.filter((own) => own === label).length,
          );
        }
      }),
    );
  });

  it('holds no image out that another class has too', () => {
    const labels = Int32Array.from({ length: 60 }, (_, i) => i % 2);
    // Images 0 and 1, 2 and 3, ... of the first 40 are duplicates of different classes.
    const groupOf = (i: number) => (i < 40 ? Math.floor(i / 2) : i);
    for (let seed = 0; seed < 20; seed++) {
      const { select, calibrate } = splitImages({ labels, groupOf, classCount: 2, seed });
      expect(Math.min(...select, ...calibrate)).toBeGreaterThanOrEqual(40);
      expect(calibrate).toHaveLength(6);
    }
  });

  it('holds no validation row out that shows what a train row shows', () => {
    const splits = Array.from({ length: 60 }, (_, i) => (i < 30 ? 'train' : 'val'));
    const labels = Int32Array.from({ length: 60 }, (_, i) => i % 2);
    // Rows 30 to 39 are images of the train rows 0 to 9, in the same class or in the other one.
    for (const shift of [30, 31]) {
      const groupOf = (i: number) => (i >= 30 && i < 40 ? i - shift : i);
      const split = splitImages({ labels, splits, groupOf, classCount: 2, seed: 0 });
      expect([...split.train]).toEqual([...Array(30).keys()]);
      const held = [...split.select, ...split.calibrate].sort((a, b) => a - b);
      const others = Array.from({ length: 20 }, (_, i) => 40 + i);
      expect(held).toEqual(shift === 30 ? others : [30, ...others]);
      expect(split.test).toHaveLength(0);
    }
  });

  it('holds train rows out of a class whose validation rows are all train images', () => {
    const splits = Array.from({ length: 50 }, (_, i) => (i < 40 ? 'train' : 'val'));
    const groupOf = (i: number) => i % 40;
    const labels = new Int32Array(50);
    const { train, select, calibrate } = splitImages({
      labels,
      splits,
      groupOf,
      classCount: 1,
      seed: 0,
    });
    expect([train, select, calibrate].map(({ length }) => length)).toEqual([32, 4, 4]);
    expect(Math.max(...train, ...select, ...calibrate)).toBeLessThan(40);
  });

  it('follows from its seed', () => {
    const input = { labels: new Int32Array(50), groupOf: Number, classCount: 1 };
    expect(splitImages({ ...input, seed: 1 })).toEqual(splitImages({ ...input, seed: 1 }));
    expect(splitImages({ ...input, seed: 1 })).not.toEqual(splitImages({ ...input, seed: 2 }));
  });
});
