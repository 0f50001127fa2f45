import { writeFileAtomic } from '@evenset/dataset-io';
import {
  exportModel as exportGenerator,
  modelFormats,
  readCheckpoint,
  trainingOptions,
  type Checkpoint,
} from '@evenset/gan-core';
import { join } from 'node:path';
import { z } from 'zod';
import { defineCommand } from '../command.js';
import { assertThere, UsageError } from '../errors.js';
import { exitCode } from '../exit-code.js';
import { consoleOptions } from '../options/console-options.js';
import { assertNotInterrupted, claimFolder } from '../run/claim-folder.js';
import { chosenClasses, type ChosenClass } from '../stages/chosen-classes.js';
import { openChosenEngine } from '../run/open-chosen-engine.js';

export const exportModel = defineCommand({
  name: 'export-model',
  description:
    'Write the generator of a checkpoint for other programs: ONNX, TensorFlow.js layers.',
  options: z.object({
    checkpoint: z.string().describe("A run's checkpoints/model.safetensors."),
    format: z
      .array(z.enum(modelFormats))
      .default([...modelFormats])
      .describe('What to write (default: all). Repeatable.'),
    label: z
      .array(z.string())
      .default([])
      .describe(
        'Of a --per-class model: the class whose generator is written (default: all). Repeatable.',
      ),
    out: z
      .string()
      .describe(
        'New or empty folder for generator.onnx (onnx), model.json and weights.bin (tfjs-layers); of a --per-class model a folder for each class in it.',
      ),
    engine: trainingOptions.shape.engine,
    threads: trainingOptions.shape.threads,
    ...consoleOptions.shape,
  }),
  examples: [
    [
      '$0 export-model --checkpoint out/checkpoints/model.safetensors --out generator',
      'Both formats, for a browser or for Python',
    ],
  ],
  async run(options, { narrator, signal }) {
    assertThere(options.checkpoint, '--checkpoint');
    const checkpoint = await readCheckpoint(options.checkpoint);
    const targets = targetsOf(checkpoint, options.label);
    await claimFolder(options.out);
    const engine = await openChosenEngine(options, narrator);
    try {
      const formats = [...new Set(options.format)];
      const names: string[] = [];
      for (const { label, folder } of targets) {
        for (const { name, bytes } of await exportGenerator(checkpoint, engine, formats, label)) {
          assertNotInterrupted(signal, options.out, `${names.length} files`);
          await writeFileAtomic(join(options.out, folder, name), bytes);
          names.push(join(folder, name));
        }
      }
      narrator.result(`Wrote ${names.join(', ')} to ${options.out}.`, {
        out: options.out,
        files: names,
      });
      return exitCode.done;
    } finally {
      await engine.dispose();
    }
  },
});

/** The generators to write, and the folder of each: there is one for all classes, or one a class. */
function targetsOf(
  { config, labels }: Checkpoint,
  wanted: readonly string[],
): readonly ChosenClass[] {
  if (config.perClass) return chosenClasses(labels, wanted);
  if (wanted.length === 0) return [{ label: 0, folder: '' }];
  throw new UsageError(
    `Expected no --label but received "${wanted[0] ?? ''}": one generator makes all classes (no --per-class).`,
  );
}
