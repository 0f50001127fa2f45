import { filterManifest, readManifest, reviewRules } from '@evenset/dataset-io';
import { selectionOptions } from '@evenset/quality-eval';
import { z } from 'zod';
import { defineCommand } from '../command.js';
import { exitCode } from '../exit-code.js';
import { classThresholds } from '../options/class-thresholds.js';
import { consoleOptions } from '../options/console-options.js';
import { assertUpToDate } from '../review/review-files.js';

const minScore = selectionOptions.shape.minScore
  .unwrap()
  .default(0)
  .describe(
    'Smallest score kept, 0 to 1: .05 drops what ranks below 95 % of held-out real images of the class.',
  );
const minNovelty = z
  .number()
  .min(0)
  .default(0)
  .describe('Smallest novelty kept: 1 is the distance below which an image counts as a copy.');

export const filter = defineCommand({
  name: 'filter',
  description:
    'Write the manifest again without generated rows below a score or a novelty, or rejected in a review; generates nothing.',
  options: z.object({
    manifest: z.string().describe("A run's labels.arrow."),
    minScore,
    minNovelty,
    classMinScore: z
      .array(z.string())
      .default([])
      .describe('label=N: another smallest score for one class. Repeatable.'),
    classMinNovelty: z
      .array(z.string())
      .default([])
      .describe('label=N: another smallest novelty for one class. Repeatable.'),
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
      '$0 filter --manifest out/labels.arrow --class-min-score bag=.5 --out out/bags.arrow',
      'Be stricter with one class',
    ],
    [
      '$0 filter --manifest out/labels.reviewed.arrow --review not-rejected --out out/kept.arrow',
      'Leave out what a person has rejected',
    ],
  ],
  endsAtOnce: () => true,
  async run({ manifest, out, review, ...options }, { narrator }) {
    if (review !== 'any') await assertUpToDate(manifest);
    const { minScore: score, minNovelty: novelty, classMinScore, classMinNovelty } = options;
    const isPerClass = classMinScore.length + classMinNovelty.length > 0;
    const known = isPerClass ? (await readManifest(manifest, { allowOutside: true })).classes : [];
    const byLabel = classThresholds(
      [
        {
          flag: '--class-min-score',
          threshold: 'minScore',
          texts: classMinScore,
          schema: minScore,
        },
        {
          flag: '--class-min-novelty',
          threshold: 'minNovelty',
          texts: classMinNovelty,
          schema: minNovelty,
        },
      ],
      new Set(known),
    );
    const rule = { minScore: score, minNovelty: novelty, byLabel, review };
    const { real, kept, dropped, droppedBy } = await filterManifest(manifest, out, rule);
    narrator.result(
      `Kept ${kept} of ${kept + dropped} generated rows and all ${real} real rows in ${out}. Dropped by score: ${droppedBy.score}, by novelty: ${droppedBy.novelty}, by review: ${droppedBy.review}.`,
      {
        out,
        minScore: score,
        minNovelty: novelty,
        classes: Object.fromEntries(byLabel),
        review,
        real,
        kept,
        dropped,
        droppedBy,
      },
    );
    return exitCode.done;
  },
});
