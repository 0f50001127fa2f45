import type { Engine } from '@evenset/gan-core';
import { createHash } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { RunError, UsageError } from '../errors.js';
import type { TrainOptions } from '../options/augment-options.js';
import type { Model } from '../stages/model-of.js';
import type { Input } from '../stages/read-input.js';
import { versions } from '../version.js';
import { claimRunFolder, type RunFolder } from './run-folder.js';
import type { RunRecord } from './run-record.js';

/** Options that change nothing of what a run writes: they may differ when it is resumed. */
const incidental = new Set(['manifest', 'out', 'cacheDir', 'dryRun', 'json', 'quiet', 'verbose']);

/**
 * Claims the output folder and starts a run in it, or continues the one that it holds.
 *
 * @returns the folder and the record to go on with; a finished record is the earlier run's own
 * @throws UsageError naming the first option in which the two runs differ
 * @throws RunError when the folder is not usable, or the inputs, the engine or the version differ
 */
export async function openRun(options: {
  readonly command: string;
  readonly options: Readonly<TrainOptions>;
  readonly input: Input;
  readonly engine: Engine;
  readonly model: Model;
}): Promise<{ folder: RunFolder; record: RunRecord }> {
  const { input } = options;
  const out = options.options.out ?? join(dirname(input.manifest.file), 'augmented');
  const folder = await claimRunFolder(resolve(out));
  try {
    const record = startRecord(options);
    if (folder.previous) assertSameRun(folder.path, folder.previous, record);
    else await folder.save(record);
    return { folder, record: folder.previous ?? record };
  } catch (error) {
    await folder.release();
    throw error;
  }
}

function startRecord(run: Parameters<typeof openRun>[0]): RunRecord {
  const { engine, input } = run;
  const { manifest, pixels, quarantine } = input;
  return {
    format: 'evenset.run',
    formatVersion: 1,
    command: run.command,
    status: 'running',
    startedAt: new Date().toISOString(),
    finishedAt: null,
    options: { ...run.options },
    inputs: {
      manifest: manifest.file,
      manifestSha256: manifest.sha256,
      imagesSha256: createHash('sha256').update(pixels.sha256.join()).digest('hex'),
      images: pixels.count,
      quarantined: quarantine.length,
    },
    engine: { name: engine.name, device: engine.device, threads: engine.threads ?? null },
    versions,
    model: { ...run.model, classes: [...run.model.classes] },
    training: null,
    generator: null,
    classes: [],
    warnings: [],
  };
}

function assertSameRun(path: string, previous: RunRecord, record: RunRecord): void {
  const where = `The output folder ${path} holds a run`;
  const remedy = 'choose another folder with --out';
  if (previous.command !== record.command) {
    throw new RunError(`${where} of "${previous.command}", not of "${record.command}"; ${remedy}.`);
  }
  const key = Object.keys({ ...previous.options, ...record.options }).find(
    (option) => !incidental.has(option) && differ(previous.options[option], record.options[option]),
  );
  if (key !== undefined) {
    const flag = `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    const [before, now] = [previous.options[key], record.options[key]].map((value) =>
      JSON.stringify(value),
    );
    throw new UsageError(
      `${where} with ${flag} ${before} but received ${now}; use the same value or ${remedy}.`,
    );
  }
  if (
    previous.inputs.manifestSha256 !== record.inputs.manifestSha256 ||
    previous.inputs.imagesSha256 !== record.inputs.imagesSha256
  ) {
    throw new RunError(`${where} on other data: the manifest or its images changed; ${remedy}.`);
  }
  if (previous.engine.name !== record.engine.name) {
    throw new RunError(
      `${where} on the engine ${previous.engine.name}, now ${record.engine.name} would run; name it with --engine or ${remedy}.`,
    );
  }
  if (previous.engine.threads !== record.engine.threads) {
    throw new RunError(
      `${where} on ${previous.engine.threads ?? '?'} threads, now ${record.engine.threads ?? '?'} would run; name the number with --threads or ${remedy}.`,
    );
  }
  if (previous.versions.evenset !== record.versions.evenset) {
    throw new RunError(`${where} of evenset ${previous.versions.evenset ?? '?'}; ${remedy}.`);
  }
}

function differ(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) !== JSON.stringify(b);
}
