import { filterManifest } from '@evenset/dataset-io';
import { selectionOptions } from '@evenset/quality-eval';
import { z } from 'zod';
import { defineCommand } from '../command.js';
import { exitCode } from '../exit-code.js';
import { consoleOptions } from '../options/console-options.js';

export const filter = defineCommand({
  name: 'filter',
  description: 'Write the manifest again without generated rows below a score; generates nothing.',
  options: z.object({
    manifest: z.string().describe("A run's labels.arrow."),
    minScore: selectionOptions.shape.minScore,
    out: z.string().describe('The manifest to write; paths are rewritten when its folder differs.'),
    ...consoleOptions.shape,
  }),
  examples: [
    [
      '$0 filter --manifest out/labels.arrow --min-score .3 --out out/strict.arrow',
      'Keep better rows',
    ],
  ],
  async run({ manifest, minScore, out }, { narrator }) {
    const { real, kept, dropped } = await filterManifest(manifest, out, { minScore });
    narrator.result(
      `Kept ${kept} of ${kept + dropped} generated rows and all ${real} real rows in ${out}.`,
      { out, minScore, real, kept, dropped },
    );
    return exitCode.done;
  },
});
