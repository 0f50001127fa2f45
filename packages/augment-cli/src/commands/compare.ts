import { readManifest, writeFileAtomic } from '@evenset/dataset-io';
import { modelNames } from '@evenset/gan-core';
import { mkdir, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { defineCommand } from '../command.js';
import { compareText } from '../console/compare-text.js';
import { RunError } from '../errors.js';
import { exitCode } from '../exit-code.js';
import { trainOptions } from '../options/augment-options.js';
import { decideSize } from '../options/decide-size.js';
import { assertExtractorNamed } from '../options/dependent-options.js';
import { assertModelsExist, sharedOptions } from '../stages/assert-model-fits.js';
import { rateModel, type RatedModel } from '../stages/rate-model.js';

/** Written last: a folder that holds it holds a finished comparison. */
const RESULT = 'compare.json';
const PAGE = 'compare.html';

export const compare = defineCommand({
  name: 'compare',
  description:
    'Train several models for the same time on the same images and compare what they make.',
  options: z.object({
    models: z
      .array(z.enum(modelNames))
      .default([...modelNames])
      .describe('Models to train, one after the other; commas or repeated flags.'),
    ...trainOptions.omit({
      model: true,
      out: true,
      generatorWidths: true,
      discriminatorWidths: true,
    }).shape,
    out: z
      .string()
      .optional()
      .describe("New or empty folder (default: compared in the manifest's folder)."),
  }),
  examples: [
    [
      '$0 compare --manifest labels.arrow --models vae,cdcgan --budget 5m',
      'Two models, five minutes each',
    ],
  ],
  async run({ models: named, ...given }, context) {
    const models = [...new Set(named)];
    // The same images for all of them.
    const options = decideSize({ ...given, model: 'cdcgan' });
    assertExtractorNamed(options, context);
    const { narrator } = context;
    const manifest = await readManifest(options.manifest, options);
    assertModelsExist(options, models, manifest.classes, context);
    const out = resolve(options.out ?? join(manifest.folder, 'compared'));
    await claimComparison(out, models);
    // Now, not in hours, when the package may be another.
    const reporting = import('../report/compare-page.js');
    reporting.catch(() => undefined);
    const rated: RatedModel[] = [];
    for (const [i, model] of models.entries()) {
      narrator.say(`Model ${i + 1} of ${models.length}: ${model}.`);
      const own = { ...sharedOptions(options, model, models), out: join(out, model) };
      rated.push(await rateModel(own, manifest, context));
    }
    const { comparePage } = await reporting;
    await writeFileAtomic(join(out, PAGE), Buffer.from(comparePage(rated, options.budget)));
    const figures = rated.map(({ model, seconds, steps, figures, failure }) => ({
      model,
      seconds,
      steps,
      figures,
      failure,
    }));
    const result = { format: 'evenset.compare', formatVersion: 1, options, models: figures };
    await writeFileAtomic(join(out, RESULT), Buffer.from(`${JSON.stringify(result, null, 2)}\n`));
    narrator.result(`${compareText(rated)}\n\nPage: ${join(out, PAGE)}`, result);
    return exitCode.done;
  },
});

/**
 * Makes the output folder, or takes up the one of an interrupted comparison: each model's own folder knows its options.
 *
 * @throws RunError when it holds anything else
 */
async function claimComparison(out: string, models: readonly string[]): Promise<void> {
  await mkdir(out, { recursive: true });
  const known = new Set([...models, PAGE, RESULT]);
  const foreign = (await readdir(out)).find((name) => !known.has(name));
  if (foreign !== undefined) {
    throw new RunError(
      `The output folder ${out} holds other files (${foreign}); choose a new or empty folder with --out.`,
    );
  }
}
