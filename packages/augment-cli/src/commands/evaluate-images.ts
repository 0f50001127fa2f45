import { readManifest } from '@evenset/dataset-io';
import { trainingOptions } from '@evenset/gan-core';
import { extractorOptions } from '@evenset/quality-eval';
import { z } from 'zod';
import { defineCommand } from '../command.js';
import { evaluationText } from '../console/evaluation-text.js';
import { exitCode } from '../exit-code.js';
import { consoleOptions } from '../options/console-options.js';
import { assertExtractorNamed } from '../options/dependent-options.js';
import { measuredImageOptions } from '../options/input-options.js';
import { evaluateImages as evaluate, type Evaluation } from '../stages/evaluate-images.js';
import { openChosenEngine } from '../run/open-chosen-engine.js';

export const evaluateImages = defineCommand({
  name: 'evaluate-images',
  description: 'Measure generated images against held-out real ones, per class and all together.',
  options: z.object({
    ...measuredImageOptions.shape,
    ...extractorOptions.shape,
    engine: trainingOptions.shape.engine,
    threads: trainingOptions.shape.threads,
    ...consoleOptions.shape,
  }),
  examples: [
    ['$0 evaluate-images --manifest out/labels.arrow', 'KID, coverage and the rest as a table'],
  ],
  async run(options, context) {
    assertExtractorNamed(options, context);
    const { narrator } = context;
    const manifest = await readManifest(options.manifest, options);
    const engine = await openChosenEngine(options, narrator);
    try {
      const evaluation = await evaluate(manifest, engine, options, context);
      const warnings = warningsOf(evaluation, options.manifest);
      warnings.forEach((warning) => {
        narrator.warn(warning);
      });
      narrator.result(evaluationText(evaluation), {
        format: 'evenset.evaluation',
        formatVersion: 1,
        manifest: manifest.file,
        ...evaluation,
        warnings,
      });
      return exitCode.done;
    } finally {
      await engine.dispose();
    }
  },
});

function warningsOf({ reference, classes, quarantine }: Evaluation, file: string): string[] {
  const [first] = quarantine;
  const thin = classes.filter(({ rows }) => rows.heldOut === 0).map(({ label }) => label);
  return [
    ...(reference === 'halves'
      ? [
          `${file} has no real rows held out from training (or none to train on): one half of the real rows is measured against, the other half stands for the train images. A model that has seen them all looks better than it is, and copies are not looked for.`,
        ]
      : []),
    ...(thin.length > 0 ? [`Without held-out real rows: ${thin.join(', ')}.`] : []),
    ...(first
      ? [
          `Images that cannot be read and are left out: ${quarantine.length}. The first: ${first.path}: ${first.reason}`,
        ]
      : []),
  ];
}
