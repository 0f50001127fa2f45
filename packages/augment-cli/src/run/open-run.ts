import type { Manifest, PixelStore } from '@evenset/dataset-io';
import { assertSameNetworks, type Checkpoint, type Engine } from '@evenset/gan-core';
import type { FeatureExtractor } from '@evenset/quality-eval';
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { CommandContext } from '../command.js';
import type { AugmentOptions, TrainOptions } from '../options/augment-options.js';
import { configOf, modelOf, type Model } from '../stages/model-of.js';
import { openExtractor } from '../stages/open-extractor.js';
import { readInput, type Input } from '../stages/read-input.js';
import { versions } from '../version.js';
import { assertSameRun } from './assert-same-run.js';
import { openChosenEngine } from './open-chosen-engine.js';
import { readInit, type Init } from './read-init.js';
import { claimRunFolder, type RunFolder } from './run-folder.js';
import type { RunRecord } from './run-record.js';

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
 * Opens a run in its output folder, or the one that the folder holds. A new one is not recorded before it trains.
 *
 * @throws UsageError naming the first option in which the two runs differ
 * @throws RunError when the folder is not usable, or the inputs or the version differ
 * @throws CheckpointError when --init names something else, or a model of other networks
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
    const init = await readInit(options.init, folder);
    const engine = await openChosenEngine(options, context.narrator);
    closers.push(() => engine.dispose());
    const input = await readInput(manifest, options, context);
    closers.push(() => input.close());
    const extractor = await openExtractor(options, input.pixels, engine, context);
    closers.push(() => extractor.dispose());
    const model = modelOf(options, input);
    const record = await startRecord(setup, { engine, input, extractor, model, init });
    if (folder.previous) assertSameRun(folder.path, folder.previous, record);
    if (init?.checkpoint) assertSameNetworks(init.checkpoint.config, configOf(options, model));
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

/** What a run works with that its record names. */
interface Opened extends Pick<Run, 'engine' | 'input' | 'extractor' | 'model'> {
  readonly init: Init | undefined;
}

async function startRecord(
  { command, options }: RunSetup,
  { engine, input, extractor, model, init }: Opened,
): Promise<RunRecord> {
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
      imagesSha256: await imagesHash([pixels, generated]),
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
async function imagesHash(stores: readonly PixelStore[]): Promise<string> {
  const hash = createHash('sha256');
  for (const store of stores) {
    hash.update(store.rows);
    for await (const hashes of store.hashes()) hash.update(hashes);
  }
  return hash.digest('hex');
}
