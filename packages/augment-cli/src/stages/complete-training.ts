import { hashFile } from '@evenset/dataset-io';
import type { CommandContext } from '../command.js';
import type { TrainOptions } from '../options/augment-options.js';
import { modelFile } from '../run/checkpoint-files.js';
import type { Run } from '../run/open-run.js';
import type { RunRecord } from '../run/run-record.js';
import { quarantineWarning } from './quarantine.js';
import { trainModel } from './train-model.js';

/**
 * Trains the model of a run whose only purpose that is, and records its end; a run that is complete stays as it is.
 *
 * @throws InterruptedError on Ctrl-C, after a checkpoint
 */
export async function completeTraining(
  run: Run,
  options: Readonly<TrainOptions>,
  context: CommandContext,
): Promise<RunRecord> {
  const { folder, record, engine, input } = run;
  const { narrator } = context;
  if (record.status === 'done') {
    narrator.say('This run is already complete; nothing was done again.');
    return record;
  }
  const warnings = quarantineWarning(input);
  warnings.forEach((warning) => {
    narrator.warn(warning);
  });
  narrator.say(`Training on ${engine.name} (${engine.device}).`);
  const trained = await trainModel(run, options, context);
  const finished: RunRecord = {
    ...record,
    status: 'done',
    finishedAt: new Date().toISOString(),
    training: trained.record,
    generator: await hashFile(modelFile(folder)),
    warnings: [...warnings, ...trained.warnings],
  };
  await folder.save(finished);
  return finished;
}
