import { writeFileAtomic } from '@evenset/dataset-io';
import {
  exportModel as exportGenerator,
  modelFormats,
  openEngine,
  readCheckpoint,
  trainingOptions,
} from '@evenset/gan-core';
import { join } from 'node:path';
import { z } from 'zod';
import { defineCommand } from '../command.js';
import { assertThere } from '../errors.js';
import { exitCode } from '../exit-code.js';
import { consoleOptions } from '../options/console-options.js';
import { claimFolder } from '../run/claim-folder.js';

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
    out: z
      .string()
      .describe(
        'New or empty folder for generator.onnx (onnx), model.json and weights.bin (tfjs-layers).',
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
    await claimFolder(options.out);
    const engine = await openEngine(options.engine, {
      ...options,
      onWarning: (line) => {
        narrator.warn(line);
      },
    });
    try {
      const files = await exportGenerator(checkpoint, engine, [...new Set(options.format)]);
      for (const { name, bytes } of files) {
        signal.throwIfAborted();
        await writeFileAtomic(join(options.out, name), bytes);
      }
      const names = files.map(({ name }) => name);
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
