import { filterManifest, reviewRules } from '@evenset/dataset-io';
import { selectionOptions } from '@evenset/quality-eval';
import { z } from 'zod';
import { defineCommand } from '../command.js';
import { exitCode } from '../exit-code.js';
import { consoleOptions } from '../options/console-options.js';
import { assertUpToDate } from '../review/review-files.js';

export const filter = defineCommand({
  name: 'filter',
  description:
    'Write the manifest again without generated rows below a score or rejected in a review; generates nothing.',
  options: z.object({
    manifest: z.string().describe("A run's labels.arrow."),
    minScore: selectionOptions.shape.minScore,
    review: z
      .enum(reviewRules)
      .default('any')
      .describe(
        'Which generated rows of a labels.reviewed.arrow are kept: any; not-rejected, all that a person has not rejected; accepted, those alone that a person has accepted.',
      ),
    out: z.string().describe('The manifest to write; paths are rewritten when its folder differs.'),
    ...consoleOptions.shape,
  }),
  examples: [
    [
      '$0 filter --manifest out/labels.arrow --min-score .3 --out out/strict.arrow',
      'Keep better rows',
    ],
    [
      '$0 filter --manifest out/labels.reviewed.arrow --review not-rejected --out out/kept.arrow',
      'Leave out what a person has rejected',
    ],
  ],
  async run({ manifest, minScore, review, out }, { narrator }) {
    if (review !== 'any') await assertUpToDate(manifest);
    const { real, kept, dropped } = await filterManifest(manifest, out, { minScore, review });
    narrator.result(
      `Kept ${kept} of ${kept + dropped} generated rows and all ${real} real rows in ${out}.`,
      { out, minScore, review, real, kept, dropped },
    );
    return exitCode.done;
  },
});
