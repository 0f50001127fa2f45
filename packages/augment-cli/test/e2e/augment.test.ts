import { readCheckpoint } from '@evenset/gan-core';
import { tableFromIPC } from '@uwdata/flechette';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { augment, dataset, quick, temporaryFolder } from './binary.js';

type Row = Record<string, unknown>;
const rowsOf = async (file: string) => tableFromIPC(await readFile(file)).toArray() as Row[];
const jsonOf = async (file: string) => JSON.parse(await readFile(file, 'utf8')) as Row;
interface ClassRecord {
  attempts: number;
  rejected: Record<string, number>;
  quality: Row;
}
const isGenerated = ({ source }: Row) => source === 'generated';

let folder: string;
let manifest: string;
/** The output of the first run, which later tests look at. */
let out: string;
beforeAll(async () => {
  ({ folder, manifest } = await dataset({ upright: 60, lying: 40 }));
  out = join(folder, 'augmented');
});

/** The main job on the bars: `target` images per class into `name` below the data set's folder. */
function fillUp(
  name: string,
  target: number,
  { more = [], ...options }: { more?: string[]; minScore?: string } = {},
) {
  const args = ['--target-per-class', String(target), '--out', join(folder, name)];
  return augment(['--manifest', manifest, ...quick(options), ...args, ...more]);
}

describe('augment', () => {
  it('says what it would do, and does nothing, with --dry-run', async () => {
    const args = ['--target', 'majority', '--dry-run=1', '--json=yes', '--size', '16'];
    const { code, stdout } = await augment(['--manifest', manifest, ...args, '--budget', '1kimg']);
    expect(code).toBe(0);
    const plan = JSON.parse(stdout) as { classes: Row[]; trainingSeconds: number };
    expect(plan.classes).toMatchObject([
      { label: 'lying', real: 40, missing: 20 },
      { label: 'upright', real: 60, missing: 0 },
    ]);
    expect(plan.trainingSeconds).toBeGreaterThan(0);
    expect(existsSync(out)).toBe(false);
  });

  it('counts epochs without what is held out, as the run does', async () => {
    const target = join(folder, 'epochs');
    const args = ['--manifest', manifest, '--size', '16', '--budget', '5epochs'];
    const dry = await augment([...args, '--dry-run']);
    const run = await augment(['train', ...args, '--out', target]);
    expect(dry.stdout).toMatch(/about 416 images, 5\.2 epochs, in/);
    // Of near-duplicates one more is held out: that only pixels tell.
    expect(run.stderr).toMatch(/about 416 images, 5\.[23] epochs, in/);
  });

  it('does the whole job with one command', async () => {
    const args = ['--manifest', manifest, ...quick(), '--target-per-class', '60'];
    const { code, stdout, stderr } = await augment(args);
    expect(stderr).toMatch(/Training on onnx \(CPU, 1 thread,/);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/lying\s+40\s+20\s+20/)]);

    const rows = await rowsOf(join(out, 'labels.arrow'));
    const before = await rowsOf(manifest);
    expect(rows).toHaveLength(120);
    before.forEach((row, i) => {
      expect(rows[i]).toMatchObject({ ...row, source: 'real', score: null });
    });
    const made = { label: 'lying', source: 'generated', seed: 0, width: 16, height: 16 };
    for (const row of rows.slice(100)) {
      expect(row).toMatchObject(made);
      expect(row.nearest).toMatch(/^lying\/\d+\.png$/);
    }
    // Every row resolves from the output folder, those of real images too.
    expect(rows.filter(({ path }) => !existsSync(join(out, String(path))))).toEqual([]);
    expect(await readdir(join(out, 'images', 'lying'))).toHaveLength(20);
    expect(await jsonOf(join(out, 'run.json'))).toMatchObject({
      status: 'done',
      engine: { name: 'onnx', threads: 1 },
      options: { targetPerClass: 60, seed: 0 },
      model: { size: 16, channels: 1 },
    });
    expect((await readdir(join(out, 'samples'))).length).toBeGreaterThan(3);
    expect((await readFile(join(out, 'stats.jsonl'), 'utf8')).split('\n').length).toBeGreaterThan(
      5,
    );
    const accepted = rows.slice(100).map(({ path, score, novelty }) => ({ path, score, novelty }));
    expect(accepted.every(({ novelty }) => Number(novelty) >= 1)).toBe(true);
    const judgements = await rowsOf(join(out, 'judgements.arrow'));
    const ofOutcome = (wanted: string) => judgements.filter(({ outcome }) => outcome === wanted);
    expect(ofOutcome('accepted')).toMatchObject(accepted);
    const heldOut = ofOutcome('held-out');
    expect(heldOut.map(({ score }) => Number(score) * heldOut.length).sort()).toEqual(
      expect.arrayContaining([heldOut.length]),
    );
    expect(heldOut.filter(({ path }) => !existsSync(join(out, String(path))))).toEqual([]);
    const record = (await jsonOf(join(out, 'run.json'))) as { classes: ClassRecord[] };
    const [lying] = record.classes;
    expect(lying?.attempts).toBe(judgements.length - heldOut.length);
    for (const [reason, count] of Object.entries(lying?.rejected ?? {})) {
      const rejected = ofOutcome(reason);
      expect(rejected).toHaveLength(count);
      expect(rejected.filter(({ image }) => image !== null)).toHaveLength(Math.min(24, count));
    }
    expect(lying?.quality).toMatchObject({ generated: 20, heldOut: heldOut.length / 2 });
    const report = await readFile(join(out, 'report.html'), 'utf8');
    expect(report).toMatch(/data:image\/webp/);
    expect(report).toMatch(/<svg/);
    expect(report).not.toMatch(/(src|href)="http/);
  });

  it('says that it is complete when asked again, and refuses other options by name', async () => {
    const again = await fillUp('augmented', 60);
    expect([again.code, again.stderr]).toEqual([0, expect.stringMatching(/already complete/)]);
    const other = await fillUp('augmented', 60, { more: ['--seed', '5'] });
    expect([other.code, other.stderr]).toEqual([
      2,
      expect.stringMatching(/--seed 0 but received 5/),
    ]);
  });

  it('fills its own output up further, repeating nothing', async () => {
    expect((await fillUp('first', 55)).code).toBe(0);
    const earlier = join(folder, 'first', 'labels.arrow');
    const further = join(folder, 'further');
    // So young a model repeats itself: not every twentieth candidate is a new image.
    const attempts = ['--max-attempts', '60'];
    const args = [...quick(), '--target-per-class', '60', '--out', further, ...attempts];
    const { code, stdout } = await augment(['--manifest', earlier, ...args]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/lying +40 +5 +5/)]);
    const rows = await rowsOf(join(further, 'labels.arrow'));
    expect(rows).toHaveLength(120);
    const files = rows.filter(isGenerated).map(({ path }) => join(further, String(path)));
    const contents = await Promise.all(files.map((file) => readFile(file, 'base64')));
    expect(new Set(contents).size).toBe(20);
    // The same generator went on where it had stopped.
    const generated = rows.filter(isGenerated);
    expect(new Set(generated.map(({ generator }) => generator)).size).toBe(1);
    const indices = generated.map(({ index }) => Number(index));
    expect(Math.min(...indices.slice(15))).toBeGreaterThan(Math.max(...indices.slice(0, 15)));
  });

  it('exports class folders of real and generated images', async () => {
    const { code } = await fillUp('exported', 50, { more: ['--export', 'image-folder'] });
    expect(code).toBe(0);
    const exported = join(folder, 'exported', 'image-folder', 'train');
    expect(await readdir(join(exported, 'lying'))).toHaveLength(50);
    expect(await readdir(join(exported, 'upright'))).toHaveLength(60);
  });

  it('keeps what was accepted when it falls short, says why, and exits 3', async () => {
    const options = { minScore: '1', more: ['--max-attempts', '3'] };
    const { code, stdout } = await fillUp('short', 60, options);
    expect([code, stdout]).toEqual([3, expect.stringMatching(/lying \d+\/20: \d+ % low-score/)]);
    expect(await jsonOf(join(folder, 'short', 'run.json'))).toMatchObject({ status: 'short' });
  });
});

describe('what a run left behind', () => {
  it('regenerates one row byte for byte', async () => {
    const file = join(out, 'labels.arrow');
    const path = String((await rowsOf(file))[105]?.path);
    const copy = join(folder, 'again.png');
    const args = ['replay', '--manifest', file, '--row'];
    const byNumber = await augment([...args, '105', '--out', copy]);
    expect([byNumber.code, byNumber.stdout]).toEqual([0, expect.stringMatching(/byte-identical/)]);
    expect(await readFile(copy)).toEqual(await readFile(join(out, path)));
    const byPath = await augment([...args, path, '--json']);
    expect(JSON.parse(byPath.stdout)).toMatchObject({ identical: true });
    expect((await augment([...args, '3'])).code).toBe(2);
  });

  it('filters again without generating', async () => {
    const target = join(folder, 'strict', 'filtered.arrow');
    const args = ['--manifest', join(out, 'labels.arrow'), '--min-score', '.5', '--out', target];
    expect((await augment(['filter', ...args])).code).toBe(0);
    const rows = await rowsOf(target);
    expect(rows.filter((row) => !isGenerated(row))).toHaveLength(100);
    expect(rows.filter((row) => isGenerated(row) && Number(row.score) < 0.5)).toEqual([]);
    const lost = rows.filter(({ path }) => !existsSync(join(dirname(target), String(path))));
    expect(lost).toEqual([]);
  });

  it('filters one class by itself, and refuses what it cannot read', async () => {
    const file = join(out, 'labels.arrow');
    const filter = (target: string, ...more: string[]) =>
      augment(['filter', '--manifest', file, '--out', join(folder, target), '--json', ...more]);
    const all = ['--min-score', '0', '--min-novelty', '0'];
    const kept = async (target: string, ...more: string[]) =>
      (JSON.parse((await filter(target, ...all, ...more)).stdout) as Row).kept;
    const rows = (await rowsOf(file)).filter(isGenerated);
    const strict = rows.filter(
      ({ score, novelty }) => Number(score) >= 0.5 && Number(novelty) >= 1.1,
    );
    const flags = ['--class-min-score=lying=.5', '--class-min-novelty', 'lying=1.1'];
    expect(await kept('one.arrow', ...flags)).toBe(strict.length);
    expect(strict.length).toBeLessThan(rows.length);
    expect(await kept('other.arrow', '--class-min-score=upright=.5')).toBe(rows.length);

    for (const [values, why] of [
      [['lying'], /label=N, a number from 0 to 1, for --class-min-score but received "lying"/],
      [['lying=high'], /received "lying=high"/],
      [['lying=2'], /received "lying=2"/],
      [['bag=.5'], /label of the manifest for --class-min-score but received "bag"/],
      [['lying=.1', 'lying=.2'], /one --class-min-score for lying .* and "lying=.2"/],
    ] as const) {
      const flags = values.flatMap((value) => ['--class-min-score', value]);
      const { code, stderr } = await filter('no.arrow', ...flags);
      expect([code, stderr]).toEqual([2, expect.stringMatching(why)]);
    }
    expect(existsSync(join(folder, 'no.arrow'))).toBe(false);
  });

  it('writes the same report again from what the run folder holds', async () => {
    const file = join(out, 'report.html');
    const before = await readFile(file);
    const { code, stdout } = await augment(['report', '--run', out]);
    expect([code, stdout]).toEqual([0, `Report: ${file}\n`]);
    expect((await readFile(file)).equals(before)).toBe(true);
    const { stderr, ...nowhere } = await augment(['report', '--run', folder]);
    expect([nowhere.code, stderr]).toEqual([2, expect.stringMatching(/holds no run\.json/)]);
  });

  it('generates with the checkpoint whose images were nearest to held-out ones', async () => {
    const lines = (await readFile(join(out, 'stats.jsonl'), 'utf8')).trim().split('\n');
    const looks = lines
      .map((line) => JSON.parse(line) as { step: number; kernelDistance?: number })
      .filter(({ kernelDistance }) => kernelDistance !== undefined);
    expect(looks.length).toBeGreaterThan(5);
    const [best] = looks.toSorted((a, b) => (a.kernelDistance ?? 0) - (b.kernelDistance ?? 0));
    const record = await jsonOf(join(out, 'run.json'));
    expect(record).toMatchObject({
      training: { chosen: { step: best?.step, kernelDistance: best?.kernelDistance } },
    });
    const checkpoint = await readCheckpoint(join(out, 'checkpoints', 'model.safetensors'));
    expect(checkpoint.step).toBe(best?.step);
  });

  it('samples from a checkpoint', async () => {
    const target = join(folder, 'drawn');
    const checkpoint = join(out, 'checkpoints', 'model.safetensors');
    const args = ['sample', '--checkpoint', checkpoint, '--count', '5', '--out', target];
    const { code, stdout } = await augment([...args, '--label', 'lying', '--label', 'lying']);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^Wrote 5 images/)]);
    expect(await readdir(target)).toEqual(['lying']);
    expect(await readdir(join(target, 'lying'))).toHaveLength(5);
    expect((await augment(args)).code).toBe(1);
    expect((await augment([...args, '--label', 'x'])).code).toBe(2);
  });
});

it('trains alone', async () => {
  const target = join(folder, 'trained');
  const args = ['--manifest', manifest, '--size', '16', '--budget', '1kimg', '--out', target];
  const { code, stdout } = await augment(['train', ...args]);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/model\.safetensors/)]);
});

it('takes options from a file and the environment, flags last', async () => {
  const config = join(temporaryFolder(), 'evenset.config.json');
  await writeFile(config, '{"targetPerClass": 50, "size": 16, "budget": "1kimg"}');
  const env = { EVENSET_TARGET_PER_CLASS: '55' };
  const targets = async (...more: string[]) => {
    const args = ['--manifest', manifest, '--config', config, '--dry-run', '--json', ...more];
    const { stdout } = await augment(args, { env });
    return (JSON.parse(stdout) as { classes: Row[] }).classes.map(({ target }) => target);
  };
  expect(await targets()).toEqual([55, 55]);
  expect(await targets('--target-per-class', '52')).toEqual([52, 52]);
});

it('reports on the machine', async () => {
  const { code, stdout } = await augment(['doctor']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/ready\s+onnx\s+CPU/);
  expect(stdout).toMatch(/missing\s+tfjs-node-gpu.*npm install @tensorflow\/tfjs-node-gpu/);
});
