import { exportModel, openEngine, readCheckpoint } from '@evenset/gan-core';
import { tableFromIPC } from '@uwdata/flechette';
import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { augment, dataset, temporaryFolder, type RunOptions } from './binary.js';

let folder: string;
let manifest: string;
beforeAll(async () => {
  ({ folder, manifest } = await dataset({ upright: 30, lying: 24 }));
});

const small = ['--size', '16', '--threads', '1', '--batch-size', '8'];
const convolutional = ['--generator-widths', '16,8,8', '--discriminator-widths', '16,8'];
const models = {
  cdcgan: convolutional,
  seed64: ['--generator-widths', '16,8', '--discriminator-widths', '16,8'],
  gan: ['--generator-widths', '32', '--discriminator-widths', '32'],
  autoencoder: convolutional,
  vae: convolutional,
};

/** Trains a model into a folder below the data set's. */
function train(out: string, args: readonly string[], options: RunOptions = {}) {
  const run = ['train', '--manifest', manifest, ...small, '--out', join(folder, out)];
  return augment([...run, ...args], options);
}

const checkpointOf = (out: string) => join(folder, out, 'checkpoints', 'last.safetensors');

/** The checkpoint's tensors, each as a hash, so that a difference is told in a line. */
async function tensorsOf(out: string): Promise<Record<string, string>> {
  const { tensors } = await readCheckpoint(checkpointOf(out));
  return Object.fromEntries(
    [...tensors].map(([name, { values }]) => [
      name,
      createHash('sha256').update(values).digest('hex'),
    ]),
  );
}

/** Sends Ctrl-C as soon as a run has logged a training step. */
function interrupt(out: string) {
  return (kill: (signal: NodeJS.Signals) => void) => {
    const stats = join(folder, out, 'stats.jsonl');
    const timer = setInterval(() => {
      if (!existsSync(stats) || statSync(stats).size === 0) return;
      clearInterval(timer);
      kill('SIGINT');
    }, 5);
    return () => {
      clearInterval(timer);
    };
  };
}

describe.each(Object.entries(models))('%s', (model, widths) => {
  const args = ['--model', model, ...widths, '--budget', '0.8kimg'];
  const named = model === 'cdcgan';

  it('resumes to the same checkpoint', async () => {
    expect((await train(model, args)).code).toBe(0);
    const stopped = `${model}-stopped`;
    const first = await train(stopped, args, { onStart: interrupt(stopped) });
    expect([first.code, first.stderr]).toEqual([130, expect.stringMatching(/Interrupted at step/)]);
    expect((await train(stopped, args)).code).toBe(0);
    expect(await tensorsOf(stopped)).toEqual(await tensorsOf(model));
  });

  it('samples images that differ', async () => {
    const out = join(folder, `${model}-images`);
    const { code } = await augment([
      ...['sample', '--checkpoint', checkpointOf(model), '--out', out, '--count', '6'],
    ]);
    expect(code).toBe(0);
    const folders = await readdir(out);
    expect(folders).toEqual(named ? ['lying', 'upright'] : ['unlabelled']);
    for (const name of folders) {
      const files = await readdir(join(out, name));
      const contents = await Promise.all(
        files.map((file) => readFile(join(out, name, file), 'base64')),
      );
      expect(new Set(contents).size).toBe(6);
    }
  });

  it('is exported as the library exports it, whose tests run what it writes', async () => {
    const out = join(folder, `${model}-exported`);
    const checkpoint = checkpointOf(model);
    const { code } = await augment(['export-model', '--checkpoint', checkpoint, '--out', out]);
    expect(code).toBe(0);
    const engine = await openEngine('onnx', { threads: 1 });
    const formats = ['onnx', 'tfjs-layers'] as const;
    const files = await exportModel(await readCheckpoint(checkpoint), engine, formats);
    await engine.dispose();
    expect((await readdir(out)).sort()).toEqual(files.map(({ name }) => name).sort());
    for (const { name, bytes } of files) {
      expect((await readFile(join(out, name))).equals(bytes), name).toBe(true);
    }
  });
});

it.each(['seed64', 'gan', 'autoencoder', 'vae'])('%s cannot sample a label', async (model) => {
  const out = join(folder, `${model}-labelled`);
  const args = ['sample', '--checkpoint', checkpointOf(model), '--out', out, '--label', 'lying'];
  const { code, stderr } = await augment(args);
  expect([code, stderr]).toEqual([2, expect.stringMatching(/no --label.*"lying".*--per-class/)]);
  expect(existsSync(out)).toBe(false);
});

it('trains a copy per class, and samples the class that is asked for', async () => {
  const args = ['--model', 'vae', ...models.vae, '--per-class', '--budget', '0.8kimg'];
  expect((await train('copies', args)).code).toBe(0);
  const { tensors } = await readCheckpoint(checkpointOf('copies'));
  expect(tensors.has('class0/generator/dense') && tensors.has('class1/encoder/code/bias')).toBe(
    true,
  );
  const out = join(folder, 'copies-images');
  const sample = ['sample', '--checkpoint', checkpointOf('copies'), '--out', out, '--count', '4'];
  expect((await augment([...sample, '--label', 'upright'])).code).toBe(0);
  expect(await readdir(out)).toEqual(['upright']);

  const exported = join(folder, 'copies-exported');
  const write = ['export-model', '--checkpoint', checkpointOf('copies'), '--out', exported];
  expect((await augment([...write, '--format', 'onnx'])).code).toBe(0);
  const files = ['lying', 'upright'].map((label) => join(exported, label, 'generator.onnx'));
  const [lying, upright] = await Promise.all(files.map((file) => readFile(file)));
  expect(upright?.equals(lying ?? Buffer.alloc(0))).toBe(false);
});

it('fills up classes with a copy per class', async () => {
  const out = join(folder, 'filled');
  const { code, stderr } = await augment([
    ...['--manifest', manifest, ...small, '--out', out, '--target-per-class', '33'],
    ...['--model', 'gan', '--per-class', '--budget', '2kimg', '--min-score', '0'],
  ]);
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  const rows = tableFromIPC(await readFile(join(out, 'labels.arrow'))).toArray() as {
    source: string;
    label: string;
  }[];
  const made = rows.filter(({ source }) => source === 'generated').map(({ label }) => label);
  expect(made.sort()).toEqual([
    ...Array<string>(9).fill('lying'),
    ...Array<string>(3).fill('upright'),
  ]);
});

describe('a model that does not fit', () => {
  const fill = (...args: string[]) => {
    const out = join(temporaryFolder(), 'out');
    return augment(['--manifest', manifest, '--target-per-class', '40', '--out', out, ...args]);
  };
  const cases: [string, string[], RegExp][] = [
    ['knows no classes', ['--model', 'gan'], /--per-class with --model gan.*has 2/],
    ['cannot score', ['--model', 'vae', '--per-class'], /received vae, which has no discriminator/],
    [
      'has no presets',
      ['--model', 'seed64', '--preset', 'base64'],
      /no --preset with --model seed64/,
    ],
    [
      'cannot be trained so',
      ['--loss', 'hinge', '--label-smoothing', '.1'],
      /--label-smoothing 0\.1 needs --loss .*hinge/,
    ],
    ['is given what it does not use', ['--model', 'vae', '--lecam', '1'], /no --lecam with .*vae/],
    ['is given an option of another', ['--extractor-size', '8'], /no --extractor-size without/],
    ['has other layers', ['--generator-widths', '8,8'], /4 widths for --generator-widths.*8,8\./],
  ];
  it.each(cases)('%s', async (_name, args, message) => {
    for (const more of [[], ['--dry-run']]) {
      const { code, stderr } = await fill(...args, ...more);
      expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
      expect(stderr).not.toMatch(/Training|read:/);
    }
  });
});

it('takes the size that the model is meant for where none is asked for, and says so in run.json', async () => {
  const out = join(folder, 'large');
  const args = ['--model', 'vae', '--preset', 'base64', '--generator-widths', '8,8,4,4,4'];
  const { code } = await augment([
    ...['train', '--manifest', manifest, '--threads', '1', '--out', out, '--budget', '0.064kimg'],
    ...[...args, '--discriminator-widths', '8,8,4,4', '--batch-size', '8'],
  ]);
  expect(code).toBe(0);
  const record = JSON.parse(await readFile(join(out, 'run.json'), 'utf8')) as object;
  expect(record).toMatchObject({ options: { size: 64 }, model: { size: 64 } });
});
