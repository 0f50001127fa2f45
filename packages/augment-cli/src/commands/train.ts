import { readManifest } from '@evenset/dataset-io';
import { defineCommand } from '../command.js';
import { exitCode } from '../exit-code.js';
import { trainOptions } from '../options/augment-options.js';
import { decideSize } from '../options/decide-size.js';
import { assertExtractorNamed } from '../options/dependent-options.js';
import { modelFile } from '../run/checkpoint-files.js';
import { openRun } from '../run/open-run.js';
import { assertModelExists } from '../stages/assert-model-fits.js';
import { completeTraining } from '../stages/complete-training.js';

export const train = defineCommand({
  name: 'train',
  description: 'Train the model only; sample reads its checkpoint.',
  options: trainOptions,
  examples: [['$0 train --manifest labels.arrow --budget 1h --out model', 'Train for an hour']],
  async run(given, context) {
    const options = decideSize(given);
    assertExtractorNamed(options, context);
    const manifest = await readManifest(options.manifest, options);
    assertModelExists(options, manifest.classes, context);
    const setup = { ...options, outputSize: 'auto' as const };
    const run = await openRun({ command: 'train', options: setup, manifest, context });
    try {
      const record = await completeTraining(run, options, context);
      context.narrator.result(`Checkpoint: ${modelFile(run.folder)}`, record);
      return exitCode.done;
    } finally {
      await run.close();
    }
  },
});
