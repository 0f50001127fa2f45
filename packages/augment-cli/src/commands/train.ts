import { readManifest } from '@evenset/dataset-io';
import { defineCommand } from '../command.js';
import { exitCode } from '../exit-code.js';
import { trainOptions } from '../options/augment-options.js';
import { generatorHash } from '../run/generator-hash.js';
import { openRun } from '../run/open-run.js';
import { quarantineWarning } from '../stages/quarantine-warning.js';
import { modelFile, trainModel } from '../stages/train-model.js';

export const train = defineCommand({
  name: 'train',
  description: 'Train the model only; sample reads its checkpoint.',
  options: trainOptions,
  examples: [['$0 train --manifest labels.arrow --budget 1h --out model', 'Train for an hour']],
  async run(options, context) {
    const { narrator } = context;
    const manifest = await readManifest(options.manifest, options);
    const setup = { ...options, outputSize: 'auto' as const };
    const run = await openRun({ command: 'train', options: setup, manifest, context });
    const { folder, record, engine } = run;
    const file = modelFile(folder);
    try {
      if (record.status === 'done') {
        narrator.say('This run is already complete; nothing was done again.');
        narrator.result(`Checkpoint: ${file}`, record);
        return exitCode.done;
      }
      const warnings = quarantineWarning(run.input);
      warnings.forEach((warning) => {
        narrator.warn(warning);
      });
      narrator.say(`Training on ${engine.name} (${engine.device}).`);
      const trained = await trainModel(run, options, context);
      const finished = {
        ...record,
        status: 'done' as const,
        finishedAt: new Date().toISOString(),
        training: trained.record,
        generator: await generatorHash(file),
        warnings: [...warnings, ...trained.warnings],
      };
      await folder.save(finished);
      narrator.result(`Checkpoint: ${file}`, finished);
      return exitCode.done;
    } finally {
      await run.close();
    }
  },
});
