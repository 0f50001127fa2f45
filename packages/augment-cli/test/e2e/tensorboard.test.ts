import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { readEvents, shownScalars } from '../read-events.js';
import { augment, dataset, quick, type RunOptions } from './binary.js';

type Row = Record<string, unknown>;

let folder: string;
let manifest: string;
beforeAll(async () => {
  ({ folder, manifest } = await dataset({ upright: 40, lying: 30 }));
});

function train(tensorboard: string, options: RunOptions = {}) {
  const sizes = ['--batch-size', '8', '--latent-dim', '8', '--tensorboard', tensorboard];
  const args = ['train', '--manifest', manifest, ...quick({ budget: '0.8kimg' }).slice(0, 6)];
  return augment([...args, ...sizes, '--out', join(folder, 'model')], options);
}

const stats = () =>
  readFileSync(join(folder, 'model', 'stats.jsonl'), 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Row);

describe('--tensorboard', () => {
  it('shows each step of an interrupted run once, as stats.jsonl has it, and its sheets', async () => {
    const events = join(folder, 'events');
    const killed = await train(events, {
      onStart(kill) {
        const timer = setInterval(() => {
          const file = join(folder, 'model', 'stats.jsonl');
          if (!existsSync(file) || Number(stats().at(-1)?.step ?? 0) < 40) return;
          clearInterval(timer);
          kill('SIGKILL');
        }, 5);
        return () => {
          clearInterval(timer);
        };
      },
    });
    expect(killed.code).toBeNull();
    const before = await readdir(join(events, 'model'));
    const contents = await readFile(join(events, 'model', before[0] ?? ''));
    const resumed = await train(events);
    expect([resumed.code, resumed.stderr]).toEqual([0, expect.stringMatching(/Resuming at step/)]);

    const files = (await readdir(join(events, 'model'))).toSorted();
    expect([before.length, files.length]).toEqual([1, 2]);
    expect(await readFile(join(events, 'model', before[0] ?? ''))).toEqual(contents);
    const all = [];
    for (const file of files) all.push(...readEvents(await readFile(join(events, 'model', file))));
    const shown = shownScalars(all);
    for (const name of ['lossD', 'lossG', 'kernelDistance', 'jensenShannon']) {
      const logged = stats().filter((entry) => typeof entry[name] === 'number');
      const values = (shown.get(name) ?? []).flatMap((one) => [...one]);
      expect(values.map(([step]) => step)).toEqual(logged.map(({ step }) => step));
      values.forEach(([, value], i) => {
        expect(value).toBeCloseTo(Number(logged[i]?.[name]), 4);
      });
      expect(values.length).toBeGreaterThan(name.startsWith('loss') ? 9 : 3);
    }
    const sheets = all.flatMap(({ images }) => images.samples ?? []);
    const looks = stats().filter(({ kernelDistance }) => typeof kernelDistance === 'number');
    expect(sheets.length).toBeGreaterThanOrEqual(looks.length);
    expect(looks.length).toBeGreaterThan(3);
    const { width, height } = await sharp(sheets[0]?.png).metadata();
    expect([height, width, 1]).toEqual(sheets[0]?.size);
  });

  it('is refused before training where its folder cannot be made', async () => {
    const file = join(folder, 'taken');
    await writeFile(file, '');
    const { code, stderr } = await augment([
      ...['train', '--manifest', manifest, '--size', '16', '--budget', '0.1kimg'],
      ...['--tensorboard', file, '--out', join(folder, 'other')],
    ]);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(
        /^error: Cannot write TensorBoard's events to .*taken.other \(--tensorboard\)/m,
      ),
    ]);
  });
});
