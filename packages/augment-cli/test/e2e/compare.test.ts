import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { augment, dataset } from './binary.js';

interface Comparison {
  readonly models: readonly {
    readonly model: string;
    readonly steps: number;
    readonly figures: {
      readonly kernelDistance: Record<'estimate' | 'low' | 'high', number>;
      readonly generated: number;
      readonly jensenShannon: number | null;
    };
  }[];
}

let folder: string;
let manifest: string;
beforeAll(async () => {
  ({ folder, manifest } = await dataset({ upright: 60, lying: 40 }));
});

describe('augment compare', () => {
  const compare = (out: string) =>
    augment([
      ...['compare', '--manifest', manifest, '--models', 'vae,cdcgan', '--size', '16'],
      ...['--batch-size', '8', '--budget', '0.16kimg', '--threads', '1', '--out', out, '--json'],
    ]);

  it('trains each model, measures them alike, and goes on where it stopped', async () => {
    const out = join(folder, 'compared');
    const first = await compare(out);
    expect([first.code, first.stderr]).toEqual([0, expect.stringContaining('Model 2 of 2')]);
    const { models } = JSON.parse(first.stdout) as Comparison;
    expect(models.map(({ model, steps }) => [model, steps])).toEqual([
      ['vae', 20],
      ['cdcgan', 20],
    ]);
    for (const { figures } of models) {
      const { estimate, low, high } = figures.kernelDistance;
      expect(low).toBeLessThanOrEqual(estimate);
      expect(high).toBeGreaterThanOrEqual(estimate);
      expect(figures.generated).toBe(1024);
    }
    expect(models.map(({ figures }) => typeof figures.jensenShannon)).toEqual(['object', 'number']);
    expect((await readdir(out)).toSorted()).toEqual([
      'cdcgan',
      'compare.html',
      'compare.json',
      'vae',
    ]);
    const page = await readFile(join(out, 'compare.html'), 'utf8');
    expect(page.match(/<svg/g)?.length).toBe(2);
    expect(page).toContain('alt="Images of vae');

    const again = await compare(out);
    expect(again.stderr).toContain('already complete');
    expect(JSON.parse(again.stdout)).toEqual(JSON.parse(first.stdout));
  });

  it('refuses what one of the models cannot be trained by, before any is trained', async () => {
    const out = join(folder, 'penalised');
    const { code, stderr } = await augment([
      ...['compare', '--manifest', manifest, '--models', 'cdcgan,seed64', '--out', out],
      ...['--gradient-penalty', '5'],
    ]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/--gradient-penalty 5 .*seed64/)]);
    expect(existsSync(out)).toBe(false);
  });

  it('leaves a folder with other files alone', async () => {
    const { code, stderr } = await compare(folder);
    expect(code).toBe(1);
    expect(stderr).toMatch(/holds other files/);
  });
});
