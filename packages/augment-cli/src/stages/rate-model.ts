import { encodePng, type Manifest } from '@evenset/dataset-io';
import { openSampler, readCheckpoint, TrainingError, type Checkpoint } from '@evenset/gan-core';
import type { CommandContext } from '../command.js';
import type { TrainOptions } from '../options/augment-options.js';
import { modelFile } from '../run/checkpoint-files.js';
import { openRun, type Run } from '../run/open-run.js';
import { readStats } from '../run/stats-log.js';
import { completeTraining } from './complete-training.js';
import { openFeatureSpace } from './feature-space.js';
import { measureModel, realImages, type ModelFigures } from './measure-model.js';
import { pastLooks } from './past-looks.js';
import { sampleSheet } from './write-sample-sheet.js';

/** A measure during training. */
interface CurvePoint {
  readonly seconds: number;
  readonly kernelDistance: number;
}

/** A model of a comparison and what came of it. */
export interface RatedModel {
  readonly model: string;
  readonly seconds: number;
  readonly steps: number;
  /** null where training gave up. */
  readonly figures: ModelFigures | null;
  /** Why training gave up. */
  readonly failure: string | null;
  /** PNG file of some images of each class. */
  readonly sheet: Uint8Array | null;
  readonly curve: readonly CurvePoint[];
}

/** Trains a model in a run folder of its own, or finds it trained there, and measures its images. */
export async function rateModel(
  options: Readonly<TrainOptions>,
  manifest: Manifest,
  context: CommandContext,
): Promise<RatedModel> {
  const setup = { ...options, outputSize: 'auto' as const };
  const run = await openRun({ command: 'train', options: setup, manifest, context });
  try {
    const { training } = await completeTraining(run, options, context);
    return {
      model: options.model,
      seconds: training?.seconds ?? 0,
      steps: training?.steps ?? 0,
      failure: null,
      curve: await curveOf(run),
      ...(await measure(run)),
    };
  } catch (error) {
    if (!(error instanceof TrainingError)) throw error;
    context.narrator.warn(`${options.model}: ${error.message}`);
    return {
      model: options.model,
      seconds: 0,
      steps: 0,
      figures: null,
      failure: error.message,
      sheet: null,
      curve: await curveOf(run),
    };
  } finally {
    await run.close();
  }
}

async function measure({ folder, engine, input, extractor }: Run) {
  const checkpoint = await readCheckpoint(modelFile(folder));
  const space = await openFeatureSpace(input, engine, extractor);
  const figures = await measureModel(checkpoint, engine, space, realImages(input));
  await space.dispose();
  return { figures, sheet: await drawSheet(checkpoint, engine) };
}

async function drawSheet(checkpoint: Checkpoint, engine: Run['engine']): Promise<Uint8Array> {
  const sampler = await openSampler(checkpoint, engine);
  const sheet = await sampleSheet(sampler, checkpoint.config);
  await sampler.dispose();
  return encodePng(sheet);
}

async function curveOf({ folder }: Run): Promise<CurvePoint[]> {
  const looks = pastLooks(await readStats(folder.file('stats.jsonl')));
  return looks.flatMap(({ elapsedSeconds, kernelDistance }) =>
    kernelDistance === undefined ? [] : [{ seconds: elapsedSeconds, kernelDistance }],
  );
}
