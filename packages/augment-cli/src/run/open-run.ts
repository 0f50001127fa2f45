import type { Manifest, PixelStore } from '@evenset/dataset-io';
import { readCheckpoint, type Checkpoint, type Engine } from '@evenset/gan-core';
import type { FeatureExtractor } from '@evenset/quality-eval';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { CommandContext } from '../command.js';
import { assertThere } from '../errors.js';
import type { AugmentOptions, TrainOptions } from '../options/augment-options.js';
import { modelOf, type Model } from '../stages/model-of.js';
import { openExtractor } from '../stages/open-extractor.js';
import { readInput, type Input } from '../stages/read-input.js';
import { versions } from '../version.js';
import { assertSameRun } from './assert-same-run.js';
import { generatorHash } from './generator-hash.js';
import { claimRunFolder, type RunFolder } from './run-folder.js';
import type { RunRecord } from './run-record.js';
import { openChosenEngine } from './open-chosen-engine.js';

/** A run in its output folder, with everything open that it works with. */
export interface Run {
  readonly folder: RunFolder;
  readonly engine: Engine;
  readonly input: Input;
  /** Features in which images are compared. */
  readonly extractor: FeatureExtractor;
  readonly model: Model;
  /** What a new run takes its first weights from. */
  readonly init: Checkpoint | undefined;
  /** How far the run is; a finished record is that of an earlier process. */
  readonly record: RunRecord;
  close(): Promise<void>;
}

interface RunSetup {
  readonly command: string;
  readonly options: Readonly<TrainOptions> & Pick<Readonly<AugmentOptions>, 'outputSize'>;
  readonly manifest: Manifest;
  readonly context: CommandContext;
}

/**
 * Starts a run in its output folder, or continues the one that the folder holds. What can be refused is refused
 * before any image is read.
 *
 * @throws UsageError naming the first option in which the two runs differ
 * @throws RunError when the folder is not usable, or the inputs or the version differ
 * @throws ExtractorError when the extractor cannot be used
 */
export async function openRun(setup: RunSetup): Promise<Run> {
  const { options, manifest, context } = setup;
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const folder = await claimRunFolder(resolve(options.out ?? join(manifest.folder, 'augmented')));
    closers.push(folder.release);
    const init = await readInit(options.init, folder.previous);
    const engine = await openChosenEngine(options, context.narrator);
    closers.push(() => engine.dispose());
    const input = await readInput(manifest, options, context);
    closers.push(() => input.close());
    const extractor = await openExtractor(options, input.pixels, engine, context);
    closers.push(() => extractor.dispose());
    const model = modelOf(options, input);
    const record = startRecord(setup, { engine, input, extractor, model, init });
    if (folder.previous) assertSameRun(folder.path, folder.previous, record);
    else await folder.save(record);
    return {
      folder,
      engine,
      input,
      extractor,
      model,
      init: init?.checkpoint,
      record: folder.previous ?? record,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A checkpoint to start from, and the hash of its file. */
interface Init {
  readonly checkpoint: Checkpoint | undefined;
  readonly sha256: string | null;
}

/**
 * Reads what --init names. A run that goes on has its weights already: it does not need the file, but if it is there, it
 * has to be the one that it started from.
 */
async function readInit(
  file: string | undefined,
  previous: RunRecord | undefined,
): Promise<Init | undefined> {
  if (file === undefined) return undefined;
  if (previous && !existsSync(file)) {
    return { checkpoint: undefined, sha256: previous.inputs.initSha256 };
  }
  assertThere(file, '--init');
  return {
    checkpoint: previous ? undefined : await readCheckpoint(file),
    sha256: await generatorHash(file),
  };
}

/** What a run works with that its record names. */
interface Opened extends Pick<Run, 'engine' | 'input' | 'extractor' | 'model'> {
  readonly init: Init | undefined;
}

function startRecord(
  { command, options }: RunSetup,
  { engine, input, extractor, model, init }: Opened,
): RunRecord {
  const { manifest, pixels, generated, quarantine } = input;
  return {
    format: 'evenset.run',
    formatVersion: 1,
    command,
    status: 'running',
    startedAt: new Date().toISOString(),
    finishedAt: null,
    options: { ...options },
    inputs: {
      manifest: manifest.file,
      manifestSha256: manifest.sha256,
      imagesSha256: imagesHash([pixels, generated]),
      images: pixels.count,
      quarantined: quarantine.length,
      initSha256: init?.sha256 ?? null,
      extractor: extractor.fingerprint ?? extractor.name,
    },
    engine: { name: engine.name, device: engine.device, threads: engine.threads ?? null },
    versions,
    model: { ...model, classes: [...model.classes] },
    training: null,
    generator: null,
    classes: [],
    warnings: [],
  };
}

/** SHA-256 in hex of which rows have which image. */
function imagesHash(stores: readonly PixelStore[]): string {
  const hash = createHash('sha256');
  for (const { rows, sha256 } of stores) hash.update(rows).update(sha256);
  return hash.digest('hex');
}
