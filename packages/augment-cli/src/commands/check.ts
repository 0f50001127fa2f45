import { readManifest } from '@evenset/dataset-io';
import { z } from 'zod';
import { defineCommand } from '../command.js';
import { checkText } from '../console/check-text.js';
import { exitCode } from '../exit-code.js';
import { consoleOptions } from '../options/console-options.js';
import { measuredImageOptions } from '../options/input-options.js';
import { checkImages } from '../stages/check-images.js';

export const check = defineCommand({
  name: 'check',
  description:
    'Look a data set over before training: duplicates, leaks, conflicting labels, odd images.',
  options: z.object({ ...measuredImageOptions.shape, ...consoleOptions.shape }),
  examples: [['$0 check --manifest labels.arrow', 'What is amiss, the gravest first']],
  async run(options, context) {
    const manifest = await readManifest(options.manifest, options);
    const health = await checkImages(manifest, options, context);
    context.narrator.result(checkText(health), {
      format: 'evenset.check',
      formatVersion: 1,
      manifest: manifest.file,
      ...health,
    });
    return exitCode.done;
  },
});
