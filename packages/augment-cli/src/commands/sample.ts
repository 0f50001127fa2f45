import { encodePng, writeFileAtomic } from '@evenset/dataset-io';
import {
  knowsClasses,
  openSampler,
  readCheckpoint,
  SAMPLE_BLOCK,
  trainingOptions,
} from '@evenset/gan-core';
import { join } from 'node:path';
import { z } from 'zod';
import { defineCommand } from '../command.js';
import { assertThere, UsageError } from '../errors.js';
import { exitCode } from '../exit-code.js';
import { consoleOptions } from '../options/console-options.js';
import { chosenClasses } from '../stages/chosen-classes.js';
import { assertNotInterrupted, claimFolder } from '../run/claim-folder.js';
import { openChosenEngine } from '../run/open-chosen-engine.js';

/** Where images of no class go. */
const UNLABELLED = 'unlabelled';

export const sample = defineCommand({
  name: 'sample',
  description: 'Generate images from a checkpoint as they come: not scored, not filtered.',
  options: z.object({
    checkpoint: z.string().describe("A run's checkpoints/model.safetensors."),
    label: z
      .array(z.string())
      .default([])
      .describe('Classes to generate (default: all). Repeatable.'),
    count: z
      .int()
      .min(1)
      .default(64)
      .describe('Images per class, or in all where the model knows none.'),
    out: z
      .string()
      .describe('New or empty folder for <class>/<index>.png, or unlabelled/<index>.png.'),
    engine: trainingOptions.shape.engine,
    threads: trainingOptions.shape.threads,
    ...consoleOptions.shape,
  }),
  examples: [
    ['$0 sample --checkpoint out/checkpoints/model.safetensors --label bag --out bags', '64 bags'],
  ],
  async run(options, { narrator, signal }) {
    assertThere(options.checkpoint, '--checkpoint');
    const checkpoint = await readCheckpoint(options.checkpoint);
    const { config, labels } = checkpoint;
    if (!knowsClasses(config) && options.label.length > 0) {
      throw new UsageError(
        `Expected no --label but received "${options.label[0] ?? ''}": the model ${config.model} was trained without --per-class and knows no classes.`,
      );
    }
    const targets = knowsClasses(config)
      ? chosenClasses(labels, options.label)
      : [{ label: 0, folder: UNLABELLED }];
    await claimFolder(options.out);

    const engine = await openChosenEngine(options, narrator);
    const sampler = await openSampler(checkpoint, engine);
    const { size, channels } = config;
    const bytes = size * size * channels;
    const total = targets.length * options.count;
    const bar = narrator.progress('sample', total, 'images');
    let done = 0;
    try {
      for (const { label, folder } of targets) {
        for (let first = 0; first < options.count; first += SAMPLE_BLOCK) {
          assertNotInterrupted(signal, options.out, `${done} of ${total} images`);
          const block = await sampler.generate(label, first / SAMPLE_BLOCK);
          const wanted = Math.min(SAMPLE_BLOCK, options.count - first);
          await Promise.all(
            Array.from({ length: wanted }, async (_, slot) => {
              const pixels = block.subarray(slot * bytes, (slot + 1) * bytes);
              const file = `${String(first + slot).padStart(6, '0')}.png`;
              await writeFileAtomic(
                join(options.out, folder, file),
                await encodePng({ pixels, width: size, height: size, channels }),
              );
            }),
          );
          bar.update((done += wanted));
        }
      }
    } finally {
      bar.stop();
      await sampler.dispose();
      await engine.dispose();
    }
    narrator.result(`Wrote ${done} images to ${options.out}.`, { out: options.out, images: done });
    return exitCode.done;
  },
});
