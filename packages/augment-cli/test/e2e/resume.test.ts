import fc from 'fast-check';
import { existsSync, readFileSync } from 'node:fs';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { augment, dataset, quick, type Outcome, type RunOptions } from './binary.js';

type Row = Record<string, unknown>;

let folder: string;
let manifest: string;
beforeAll(async () => {
  ({ folder, manifest } = await dataset({ upright: 60, lying: 40 }));
  expect((await fillUp('whole')).code).toBe(0);
});

/** 200 small steps and five images into `name`. */
function fillUp(name: string, options: RunOptions & { more?: string[] } = {}): Promise<Outcome> {
  const sizes = ['--batch-size', '8', '--latent-dim', '8', '--target-per-class', '45'];
  const args = ['--manifest', manifest, ...quick({ budget: '1.6kimg' }), ...sizes];
  return augment([...args, '--out', join(folder, name), ...(options.more ?? [])], options);
}

/** Sends a signal as soon as something is so, or a little after. */
function signalWhen(isSo: () => boolean, signal: NodeJS.Signals, delayMs = 0): RunOptions {
  return {
    onStart(kill) {
      const timer = setInterval(() => {
        if (!isSo()) return;
        clearInterval(timer);
        setTimeout(() => {
          kill(signal);
        }, delayMs);
      }, 5);
      return () => {
        clearInterval(timer);
      };
    },
  };
}

/** Sends a signal when the run `name` has logged a step, or a little after. */
function signalAt(name: string, signal: NodeJS.Signals, step = 1, delayMs = 0): RunOptions {
  const isThere = () => Number(linesOf(name).at(-1)?.step ?? 0) >= step;
  return signalWhen(isThere, signal, delayMs);
}

/** The whole lines of a run's stats.jsonl. */
function linesOf(name: string): Row[] {
  const file = join(folder, name, 'stats.jsonl');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Row);
}

/** What was measured at every tenth step; speeds differ, and an interrupted run logs where it stopped. */
const measuredIn = (name: string) =>
  linesOf(name)
    .filter(({ step }) => Number(step) % 10 === 0)
    .map(({ step, lossD, lossG, kernelDistance, diversity }) => [
      ...[step, lossD, lossG, kernelDistance, diversity],
    ]);

const recordOf = async (name: string) =>
  JSON.parse(await readFile(join(folder, name, 'run.json'), 'utf8')) as Row;

/** Expects the same weights, images, manifest, measurements and warnings as of the run that nothing disturbed. */
async function expectSameAsWhole(name: string): Promise<void> {
  const images = (await readdir(join(folder, 'whole', 'images', 'lying'))).map((file) =>
    join('images', 'lying', file),
  );
  expect(images).toHaveLength(5);
  const checkpoints = ['last', 'good', 'model'].map((file) => `checkpoints/${file}.safetensors`);
  for (const file of [...checkpoints, ...images, 'labels.arrow']) {
    const [own, whole] = await Promise.all(
      [name, 'whole'].map((run) => readFile(join(folder, run, file))),
    );
    expect(own?.equals(whole ?? Buffer.alloc(0)), file).toBe(true);
  }
  expect(measuredIn(name)).toEqual(measuredIn('whole'));
  expect((await recordOf(name)).warnings).toEqual((await recordOf('whole')).warnings);
}

describe('an interrupted run', () => {
  it('writes a checkpoint on Ctrl-C, exits 130, and goes on to the same end', async () => {
    const stopped = await fillUp('stopped', signalAt('stopped', 'SIGINT'));
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toContain('Stopping: what is done is saved first');
    expect(stopped.stderr).toMatch(/Interrupted at step \d+ of 200.*the same command resumes/);
    const resumed = await fillUp('stopped');
    expect([resumed.code, resumed.stderr]).toEqual([0, expect.stringMatching(/Resuming at step/)]);
    await expectSameAsWhole('stopped');
  });

  it('goes on to the same end after kill -9, three times, at random moments', async () => {
    const moment = fc.tuple(fc.integer({ min: 1, max: 190 }), fc.integer({ min: 0, max: 200 }));
    const moments = fc.sample(moment, { seed: 20, numRuns: 3 }).sort(([a], [b]) => a - b);
    for (const [step, delayMs] of moments) {
      const { code, stderr } = await fillUp('killed', signalAt('killed', 'SIGKILL', step, delayMs));
      expect([code, stderr]).toEqual([null, expect.stringMatching(/Training on/)]);
    }
    const resumed = await fillUp('killed');
    expect([resumed.code, resumed.stderr]).toEqual([
      0,
      expect.stringMatching(/Resuming at step [1-9]\d* of 200/),
    ]);
    await expectSameAsWhole('killed');
  });

  it('says in the end what was said before, when it is killed while it generates', async () => {
    const isGenerating = () => existsSync(join(folder, 'late', 'images'));
    expect((await fillUp('late', signalWhen(isGenerating, 'SIGKILL'))).code).toBeNull();
    const resumed = await fillUp('late');
    expect([resumed.code, resumed.stderr]).toEqual([
      0,
      expect.stringMatching(/Resuming at step 200/),
    ]);
    const { warnings } = await recordOf('late');
    expect(warnings).toContainEqual(expect.stringMatching(/budget 1\.6kimg is only 200 steps/));
    await expectSameAsWhole('late');
  });

  it('is the same run where the engine and the threads that ran are named', async () => {
    const named = await fillUp('whole', { more: ['--engine', 'onnx'] });
    expect([named.code, named.stderr]).toEqual([0, expect.stringMatching(/already complete/)]);
    const other = ['--engine', 'cpu'];
    const refused = await fillUp('whole', { more: other });
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringMatching(/engine onnx but cpu would run now; use --engine onnx/),
    ]);
  });

  it('is refused where an image that an earlier run generated has changed', async () => {
    const earlier = join(folder, 'earlier');
    await cp(join(folder, 'whole'), earlier, { recursive: true });
    const args = ['--manifest', join(earlier, 'labels.arrow'), ...quick({ budget: '1.6kimg' })];
    const further = (options: RunOptions = {}) => {
      const out = ['--target-per-class', '47', '--out', join(folder, 'further')];
      return augment([...args, ...out, '--batch-size', '8', '--latent-dim', '8'], options);
    };
    expect((await further(signalAt('further', 'SIGKILL'))).code).toBeNull();
    const images = join(earlier, 'images', 'lying');
    const [first = '', second = ''] = await readdir(images);
    await writeFile(join(images, first), await readFile(join(images, second)));
    const changed = await further();
    expect([changed.code, changed.stderr]).toEqual([
      1,
      expect.stringMatching(/on other data: the manifest or its images changed/),
    ]);
  });

  it('is refused with another option, which is named', async () => {
    const stopped = await fillUp('refused', signalAt('refused', 'SIGKILL'));
    expect(stopped.code).toBeNull();
    const other = await fillUp('refused', { more: ['--learning-rate-d', '.001'] });
    expect([other.code, other.stderr]).toEqual([
      2,
      expect.stringMatching(/--learning-rate-d "auto" but received 0\.001/),
    ]);
  });
});

describe('a run that starts from the checkpoint of another', () => {
  const init = () => join(folder, 'whole', 'checkpoints', 'model.safetensors');
  const target = (name: string) => join(folder, name, 'run.json');

  it('takes its weights, says which, and needs the file no more when it goes on', async () => {
    const { folder: larger, manifest: three } = await dataset({
      upright: 30,
      lying: 30,
      third: 30,
    });
    const moved = join(larger, 'init.safetensors');
    const bytes = await readFile(init());
    await writeFile(moved, bytes);
    const args = ['train', '--manifest', three, '--size', '16', '--threads', '1'];
    const run = (file: string, options: RunOptions = {}) =>
      augment(
        [
          ...args,
          ...['--batch-size', '8', '--latent-dim', '8', '--budget', '1.6kimg'],
          ...['--init', file, '--out', join(folder, 'started')],
        ],
        options,
      );
    const killed = await run(moved, signalAt('started', 'SIGKILL', 25));
    expect(killed.code).toBeNull();
    const other = await run(init());
    expect([other.code, other.stderr]).toEqual([
      2,
      expect.stringMatching(/with --init ".*init\.safetensors" but received/),
    ]);
    await writeFile(moved, Buffer.concat([bytes, Buffer.of(0)]));
    const changed = await run(moved);
    expect([changed.code, changed.stderr]).toEqual([
      2,
      expect.stringMatching(/the file of --init has changed/),
    ]);
    await rm(moved);
    expect((await run(moved)).code).toBe(0);
    const whole = JSON.parse(await readFile(target('whole'), 'utf8')) as Row;
    expect(JSON.parse(await readFile(target('started'), 'utf8'))).toMatchObject({
      inputs: { initSha256: whole.generator },
      model: { classes: ['lying', 'third', 'upright'] },
    });
  });

  it('takes them too where the first attempt failed before it had a checkpoint', async () => {
    const train = async (name: string, ...more: string[]) => {
      const out = ['--out', join(folder, name), '--batch-size', '8', '--latent-dim', '8'];
      const args = ['train', '--manifest', manifest, ...out, '--init', init(), ...more];
      return augment([...args, '--size', '16', '--threads', '1', '--budget', '0.16kimg']);
    };
    const last = (name: string) => readFile(join(folder, name, 'checkpoints', 'last.safetensors'));
    expect((await train('undisturbed')).code).toBe(0);
    const failed = await train('disturbed', '--tensorboard', join(manifest, 'events'));
    expect([failed.code, existsSync(target('disturbed'))]).toEqual([1, true]);
    expect((await train('disturbed')).code).toBe(0);
    expect((await last('disturbed')).equals(await last('undisturbed'))).toBe(true);
  });

  it.each([
    ['is not there', ['--init', 'none.safetensors'], 2, /no file none\.safetensors \(--init\)/],
    ['is something else', ['--init', 'labels.arrow'], 1, /safetensors file in labels\.arrow/],
  ])('is refused where the file %s', async (name, more, code, message) => {
    const outcome = await fillUp(name, { more, cwd: folder });
    expect([outcome.code, outcome.stderr]).toEqual([code, expect.stringMatching(message)]);
  });

  it('is refused where the networks differ, with both values', async () => {
    const outcome = await fillUp('wider', { more: ['--init', init(), '--preset', 'base32'] });
    expect([outcome.code, outcome.stderr]).toEqual([
      1,
      expect.stringMatching(/generatorWidths \[256,128,64\] but received .* \[128,64,32\]/),
    ]);
    expect(await readdir(join(folder, 'wider'))).toEqual([]);
  });
});
