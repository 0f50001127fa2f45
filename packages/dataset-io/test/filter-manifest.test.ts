import { Dictionary, Float32, Int32, Utf8, vectorFromArray } from 'apache-arrow';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filterManifest, readManifest, type FilterRule, type RowThresholds } from '../src/index.js';
import { writeAugmentedManifest } from '../src/output/write-augmented-manifest.js';
import { generated, mixedColumns, preparedOutput, read, write } from './arrow-files.js';
import { temporaryFolder } from './fixtures.js';

describe('filterManifest', () => {
  it('drops rows without touching any other column', async () => {
    const folder = temporaryFolder();
    const file = await write(folder, [mixedColumns()]);
    const target = join(folder, 'filtered.arrow');
    const counts = await filterManifest(file, target, { minScore: 0.5, minNovelty: 0 });
    expect(counts).toMatchObject({ real: 2, kept: 1, dropped: 1 });
    const before = await read(file);
    expect(await read(target)).toEqual([before[0], before[2], before[3]]);
    await filterManifest(file, join(folder, 'none.arrow'), { minScore: 1, minNovelty: 0 });
    expect(await read(join(folder, 'none.arrow'))).toEqual([before[0], before[2]]);
  });

  it('filters by score into another folder, where paths still resolve', async () => {
    const { folder, out, manifest } = await preparedOutput();
    const file = join(out, 'labels.arrow');
    await writeAugmentedManifest(manifest, [generated(0), generated(1), generated(2)], file);
    const target = join(folder, 'filtered.arrow');
    expect(await filterManifest(file, target, { minScore: 0.3, minNovelty: 0 })).toEqual({
      real: 2,
      kept: 2,
      dropped: 1,
      droppedBy: { score: 1, novelty: 0, review: 0 },
    });
    const rows = await read(target);
    expect(rows.map(({ path, nearest }) => [path, nearest])).toEqual([
      ['augmented/a/1.png', null],
      ['augmented/b/1.png', null],
      ['augmented/images/bag/1.png', 'augmented/a.png'],
      ['augmented/images/bag/2.png', 'augmented/a.png'],
    ]);
    await expect(filterManifest(file, target, { minScore: 0, minNovelty: 0 })).rejects.toThrow(
      /exists already/,
    );
    await expect(
      filterManifest(manifest.file, join(folder, 'x.arrow'), { minScore: 0, minNovelty: 0 }),
    ).rejects.toThrow(/no column "source"/);
  });

  it('filters by novelty, and by other thresholds for single classes', async () => {
    const { folder, out, manifest } = await preparedOutput();
    const file = join(out, 'labels.arrow');
    // A score of .7 is a little less in 32 bits, and reaches .7.
    const rows = [
      generated(0, { label: 0, score: 0.7, novelty: 1 }),
      generated(1, { label: 0, score: 0.7, novelty: 1.25 }),
      generated(2, { label: 1, score: 0.9, novelty: 1.5 }),
      generated(3, { label: 1, score: 0.2, novelty: 3 }),
    ];
    await writeAugmentedManifest(manifest, rows, file);
    const [first = ''] = manifest.classes;
    const byLabel = (own: Partial<RowThresholds>) => new Map([[first, own]]);
    const kept = async (name: string, rule: FilterRule) => {
      const target = join(folder, name);
      await filterManifest(file, target, rule);
      const left = (await read(target)).filter(({ source }) => source === 'generated');
      return left.map(({ index }) => index);
    };
    const all = { minScore: 0.7, minNovelty: 1.25 };
    expect(await kept('a.arrow', all)).toEqual([1, 2]);
    expect(await kept('b.arrow', { ...all, byLabel: byLabel({ minNovelty: 1 }) })).toEqual([
      0, 1, 2,
    ]);
    expect(await kept('c.arrow', { ...all, byLabel: byLabel({ minScore: 0.8 }) })).toEqual([2]);
    const none = { minScore: 0, minNovelty: 0 };
    expect(await kept('d.arrow', { ...none, byLabel: byLabel({ minNovelty: 2 }) })).toEqual([2, 3]);
    // What fails both is dropped by its score.
    expect(
      await filterManifest(file, join(folder, 'e.arrow'), { minScore: 0.7, minNovelty: 5 }),
    ).toMatchObject({ kept: 0, dropped: 4, droppedBy: { score: 1, novelty: 3, review: 0 } });
  });

  it('keeps texts of other libraries whole, whichever rows go', async () => {
    const folder = temporaryFolder();
    const views = join(import.meta.dirname, 'fixtures', 'polars-uncompressed.arrow');
    const file = join(folder, 'labels.arrow');
    const rows = [0, 1, 2, 3].map((index) => generated(index, { score: index % 2 }));
    await writeAugmentedManifest(await readManifest(views), rows, file);
    const target = join(folder, 'filtered.arrow');
    await filterManifest(file, target, { minScore: 0.5, minNovelty: 0 });
    const before = await read(file);
    expect(await read(target)).toEqual(before.filter(({ score }) => score === null || score === 1));
  });

  it('rewrites paths that are encoded as a dictionary', async () => {
    const folder = temporaryFolder();
    const words = (...values: (string | null)[]) =>
      vectorFromArray(values, new Dictionary(new Utf8(), new Int32()));
    const file = await write(folder, [
      {
        path: words('a', 'b', null, 'c'),
        label: words('bag', 'bag', 'bag', 'bag'),
        source: words('real', 'generated', 'real', 'generated'),
        score: vectorFromArray([null, 0.1, null, 0.9], new Float32()),
        nearest: words(null, 'a', null, 'a'),
      },
    ]);
    await mkdir(join(folder, 'sub'));
    const target = join(folder, 'sub', 'filtered.arrow');
    await filterManifest(file, target, { minScore: 0.5, minNovelty: 0 });
    expect((await read(target)).map(({ path, nearest }) => [path, nearest])).toEqual([
      ['../a', null],
      [null, null],
      ['../c', '../a'],
    ]);
  });
});
