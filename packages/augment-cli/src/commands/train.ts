import { openEngine } from '@evenset/gan-core';
import { defineCommand } from '../command.js';
import { exitCode } from '../exit-code.js';
import { trainOptions } from '../options/augment-options.js';
import { openRun } from '../run/open-run.js';
import { modelOf } from '../stages/model-of.js';
import { quarantineWarning } from '../stages/quarantine-warning.js';
import { readInput } from '../stages/read-input.js';
import { checkpointFile, trainModel } from '../stages/train-model.js';
import { generatorHash } from '../run/generator-hash.js';

export const train = defineCommand({
  name: 'train',
  description: 'Train the model only; sample reads its checkpoint.',
  options: trainOptions,
  examples: [['$0 train --manifest labels.arrow --budget 1h --out model', 'Train for an hour']],
  async run(options, context) {
    const { narrator } = context;
    const input = await readInput(options, context);
    const warnings = quarantineWarning(input);
    warnings.forEach((warning) => {
      narrator.warn(warning);
    });
    const engine = await openEngine(options.engine, options);
    const model = modelOf({ outputSize: 'auto' }, input);
    const { folder, record } = await openRun({ command: 'train', options, input, engine, model });
    try {
      narrator.say(`Training on ${engine.name} (${engine.device}).`);
      const { checkpoint, seconds } = await trainModel({
        training: options,
        model,
        input,
        engine,
        folder,
        context,
      });
      const file = checkpointFile(folder);
      const finished = {
        ...record,
        status: 'done' as const,
        finishedAt: new Date().toISOString(),
        training: { steps: checkpoint.step, totalSteps: checkpoint.totalSteps, seconds },
        generator: await generatorHash(file),
        warnings,
      };
      await folder.save(finished);
      narrator.result(`Checkpoint: ${file}`, finished);
      return exitCode.done;
    } finally {
      await folder.release();
      await engine.dispose();
      await input.close();
    }
  },
});
