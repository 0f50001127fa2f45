import { tableFromIPC } from '@uwdata/flechette';
import { existsSync } from 'node:fs';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { augment, dataset, quick, temporaryFolder } from './binary.js';

type Row = Record<string, unknown>;
const rowsOf = async (file: string) => tableFromIPC(await readFile(file)).toArray() as Row[];
const jsonOf = async (file: string) => JSON.parse(await readFile(file, 'utf8')) as Row;

let folder: string;
let manifest: string;
let out: string;

beforeAll(async () => {
  ({ folder, manifest } = await dataset({ upright: 60, lying: 40 }));
  out = join(folder, 'augmented');
});

describe('augment', () => {
  it('says what it would do, and does nothing, with --dry-run', async () => {
    const args = [
      '--manifest',
      manifest,
      '--target',
      'majority',
      '--dry-run',
      '--json',
      '--size',
      '16',
    ];
    const { code, stdout } = await augment([...args, '--budget', '1kimg']);
    expect(code).toBe(0);
    const plan = JSON.parse(stdout) as { classes: Row[]; trainingSeconds: number };
    expect(plan.classes).toMatchObject([
      { label: 'lying', real: 40, missing: 20 },
      { label: 'upright', real: 60, missing: 0 },
    ]);
    expect(plan.trainingSeconds).toBeGreaterThan(0);
    expect(existsSync(out)).toBe(false);
  });

  it('does the whole job with one command', async () => {
    const { code, stdout, stderr } = await augment([
      '--manifest',
      manifest,
      ...quick,
      '--target-per-class',
      '60',
    ]);
    expect(stderr).toMatch(/Training on onnx \(CPU, 2 threads/);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/lying\s+40\s+20\s+20/)]);
    const rows = await rowsOf(join(out, 'labels.arrow'));
    const before = await rowsOf(manifest);
    expect(rows).toHaveLength(120);
    before.forEach((row, i) => {
      expect(rows[i]).toMatchObject({ ...row, source: 'real', score: null });
    });
    for (const row of rows.slice(100)) {
      expect(row).toMatchObject({
        label: 'lying',
        source: 'generated',
        seed: 0,
        width: 16,
        height: 16,
      });
      expect(row.nearest).toMatch(/^lying\/\d+\.png$/);
      expect(existsSync(join(out, String(row.path)))).toBe(true);
    }
    // Unchanged rows of real images resolve from the output folder.
    expect((await stat(join(out, 'lying', '000.png'))).isFile()).toBe(true);
    expect((await readdir(join(out, 'images', 'lying'))).length).toBe(20);
    expect(await jsonOf(join(out, 'run.json'))).toMatchObject({
      status: 'done',
      engine: { name: 'onnx' },
      options: { targetPerClass: 60, seed: 0 },
      model: { size: 16, channels: 1 },
    });
    expect((await readdir(join(out, 'samples'))).length).toBeGreaterThan(3);
    expect((await readFile(join(out, 'stats.jsonl'), 'utf8')).split('\n').length).toBeGreaterThan(
      5,
    );
    const report = await readFile(join(out, 'report.html'), 'utf8');
    expect(report).toMatch(/<svg[\s\S]*data:image\/png/);
    expect(report).not.toMatch(/(src|href)="http|<script/);
  });

  it('says that it is complete when it is asked again, and refuses other options by name', async () => {
    const args = ['--manifest', manifest, ...quick, '--target-per-class', '60'];
    const again = await augment(args);
    expect([again.code, again.stderr]).toEqual([0, expect.stringMatching(/already complete/)]);
    const other = await augment([...args, '--seed', '5']);
    expect([other.code, other.stderr]).toEqual([
      2,
      expect.stringMatching(/--seed 0 but received 5/),
    ]);
  });

  it('regenerates one row byte for byte', async () => {
    const file = join(out, 'labels.arrow');
    const row = (await rowsOf(file))[105];
    const copy = join(folder, 'again.png');
    const byNumber = await augment([
      'replay',
      '--manifest',
      file,
      '--row',
      '105',
      '--out',
      copy,
      '--threads',
      '2',
    ]);
    expect([byNumber.code, byNumber.stdout]).toEqual([0, expect.stringMatching(/byte-identical/)]);
    expect(await readFile(copy)).toEqual(await readFile(join(out, String(row?.path))));
    const byPath = await augment([
      'replay',
      '--manifest',
      file,
      '--row',
      String(row?.path),
      '--json',
    ]);
    expect(JSON.parse(byPath.stdout)).toMatchObject({ identical: true });
    expect((await augment(['replay', '--manifest', file, '--row', '3'])).code).toBe(2);
  });

  it('filters again without generating', async () => {
    const target = join(folder, 'strict.arrow');
    const { code } = await augment([
      'filter',
      '--manifest',
      join(out, 'labels.arrow'),
      '--min-score',
      '.5',
      '--out',
      target,
    ]);
    expect(code).toBe(0);
    const rows = await rowsOf(target);
    expect(rows.filter(({ source }) => source === 'real')).toHaveLength(100);
    for (const row of rows) {
      if (row.source === 'generated') expect(row.score).toBeGreaterThanOrEqual(0.5);
      expect(existsSync(join(folder, String(row.path)))).toBe(true);
    }
  });

  it('samples from a checkpoint', async () => {
    const target = join(folder, 'drawn');
    const checkpoint = join(out, 'checkpoints', 'model.safetensors');
    const args = [
      'sample',
      '--checkpoint',
      checkpoint,
      '--label',
      'lying',
      '--count',
      '5',
      '--out',
      target,
    ];
    expect((await augment(args)).code).toBe(0);
    expect(await readdir(join(target, 'lying'))).toHaveLength(5);
    expect((await augment(args)).code).toBe(1);
    expect(
      (
        await augment([
          'sample',
          '--checkpoint',
          checkpoint,
          '--label',
          'x',
          '--out',
          join(folder, 'n'),
        ])
      ).code,
    ).toBe(2);
  });

  it('exports class folders of real and generated images', async () => {
    const args = [
      '--manifest',
      manifest,
      ...quick,
      '--target-per-class',
      '50',
      '--export',
      'image-folder',
    ];
    expect((await augment([...args, '--out', join(folder, 'exported')])).code).toBe(0);
    const exported = join(folder, 'exported', 'image-folder', 'train');
    expect((await readdir(join(exported, 'lying'))).length).toBe(50);
    expect((await readdir(join(exported, 'upright'))).length).toBe(60);
  });

  it('keeps what was accepted when it falls short, says why, and exits 3', async () => {
    const target = join(folder, 'short');
    const args = ['--manifest', manifest, ...quick, '--target-per-class', '60', '--out', target];
    const { code, stdout } = await augment([...args, '--min-score', '1', '--max-attempts', '3']);
    expect(code).toBe(3);
    expect(stdout).toMatch(/lying \d+\/20: \d+ % low-score/);
    expect(await jsonOf(join(target, 'run.json'))).toMatchObject({ status: 'short' });
  });

  it('writes a checkpoint on Ctrl-C, exits 130, and goes on to the same end', async () => {
    const args = (name: string) => [
      '--manifest',
      manifest,
      ...quick,
      '--budget',
      '12kimg',
      '--target-per-class',
      '45',
      '--out',
      join(folder, name),
    ];
    const interrupted = await augment(args('stopped'), {
      onStderr: (text, kill) => {
        if (text.includes('Training on'))
          setTimeout(() => {
            kill('SIGINT');
          }, 2500);
      },
    });
    expect(interrupted.code).toBe(130);
    expect(interrupted.stderr).toMatch(/Interrupted.*the same command resumes/);
    expect((await augment(args('stopped'))).code).toBe(0);
    expect((await augment(args('whole'))).code).toBe(0);
    const [stopped, whole] = ['stopped', 'whole'].map((name) =>
      join(folder, name, 'checkpoints', 'model.safetensors'),
    );
    expect(await readFile(stopped ?? '')).toEqual(await readFile(whole ?? ''));
    expect(await readFile(join(folder, 'stopped', 'labels.arrow'))).toEqual(
      await readFile(join(folder, 'whole', 'labels.arrow')),
    );
  });

  it('goes on after kill -9', async () => {
    const args = [
      '--manifest',
      manifest,
      ...quick,
      '--target-per-class',
      '45',
      '--out',
      join(folder, 'killed'),
    ];
    const killed = await augment(args, {
      onStderr: (text, kill) => {
        if (text.includes('Training on'))
          setTimeout(() => {
            kill('SIGKILL');
          }, 1200);
      },
    });
    expect(killed.code).toBeNull();
    expect((await augment(args)).code).toBe(0);
  });

  it('trains alone', async () => {
    const target = join(folder, 'trained');
    const { code, stdout } = await augment([
      'train',
      '--manifest',
      manifest,
      '--size',
      '16',
      '--budget',
      '1kimg',
      '--out',
      target,
    ]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/model\.safetensors/)]);
  });
});

it('takes options from a file and the environment, flags last', async () => {
  const config = join(temporaryFolder(), 'evenset.config.json');
  await writeFile(config, '{"targetPerClass": 50, "size": 16, "budget": "1kimg"}');
  const dry = (...more: string[]) =>
    augment(['--manifest', manifest, '--config', config, '--dry-run', '--json', ...more], {
      env: { EVENSET_TARGET_PER_CLASS: '55' },
    });
  const targets = async (...more: string[]) =>
    (JSON.parse((await dry(...more)).stdout) as { classes: Row[] }).classes.map(
      ({ target }) => target,
    );
  expect(await targets()).toEqual([55, 55]);
  expect(await targets('--target-per-class', '52')).toEqual([52, 52]);
});

it('reports on the machine', async () => {
  const { code, stdout } = await augment(['doctor']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/ready\s+onnx\s+CPU/);
  expect(stdout).toMatch(/missing\s+tfjs-node-gpu.*npm install @tensorflow\/tfjs-node-gpu/);
});
