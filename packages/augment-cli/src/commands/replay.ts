import { encodePng, findGeneratedRow, hashFile, writeFileAtomic } from '@evenset/dataset-io';
import {
  engineNames,
  openEngine,
  openSampler,
  readCheckpoint,
  SAMPLE_BLOCK,
  trainingOptions,
} from '@evenset/gan-core';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { defineCommand } from '../command.js';
import { assertThere, RunError, UsageError } from '../errors.js';
import { exitCode } from '../exit-code.js';
import { consoleOptions } from '../options/console-options.js';
import { modelFile } from '../run/checkpoint-files.js';
import { readRunRecord } from '../run/run-folder.js';

export const replay = defineCommand({
  name: 'replay',
  description:
    'Generate one row again from its checkpoint and compare it with its file, byte for byte.',
  options: z.object({
    manifest: z.string().describe("A run's labels.arrow."),
    row: z.string().describe('The row: its number from 0, or its path.'),
    out: z.string().optional().describe('Write the image to this new file.'),
    engine: z
      .enum(engineNames)
      .optional()
      .describe('What computes (default: the engine and the threads of the run).'),
    threads: trainingOptions.shape.threads,
    ...consoleOptions.shape,
  }),
  examples: [
    ['$0 replay --manifest out/labels.arrow --row images/bag/000007.png', 'One image again'],
  ],
  endsAtOnce: () => true,
  async run(options, { narrator }) {
    assertThere(options.manifest, '--manifest');
    const run = dirname(options.manifest);
    const record = await readRunRecord(join(run, 'run.json'));
    const row = await findGeneratedRow(options.manifest, options.row, record.model.classes);
    if (!row) {
      throw new UsageError(
        `Expected the number or the path of a generated row of ${options.manifest} for --row but received "${options.row}".`,
      );
    }
    const file = modelFile({ file: (...parts) => join(run, ...parts) });
    if ((await hashFile(file)) !== row.generator) {
      throw new RunError(
        `Row ${options.row} was made by another checkpoint than ${file}; replay it in its own run folder.`,
      );
    }
    if (options.out !== undefined && existsSync(options.out)) {
      throw new RunError(`The file ${options.out} exists already; name a new one with --out.`);
    }

    const engine = await openEngine(options.engine ?? record.engine.name, {
      threads: options.threads ?? record.engine.threads ?? undefined,
    });
    const checkpoint = await readCheckpoint(file);
    const sampler = await openSampler(checkpoint, engine);
    const block = await sampler.generate(
      record.model.classes.indexOf(row.label),
      Math.floor(row.index / SAMPLE_BLOCK),
    );
    await sampler.dispose();
    await engine.dispose();

    const { size, channels } = checkpoint.config;
    const bytes = size * size * channels;
    const slot = row.index % SAMPLE_BLOCK;
    const pixels = block.subarray(slot * bytes, (slot + 1) * bytes);
    const png = await encodePng(
      { pixels, width: size, height: size, channels },
      record.model.outputSize,
    );
    const original = row.bytes ?? (await readFile(join(run, row.path)));
    const identical = png.equals(original);
    if (options.out !== undefined) await writeFileAtomic(options.out, png);
    narrator.result(
      identical
        ? `${row.path}: regenerated, byte-identical.`
        : `${row.path}: regenerated, but it differs from the file. It was made by ${record.engine.name} (${record.engine.device}); this ran on ${engine.name} (${engine.device}).`,
      { path: row.path, identical, out: options.out ?? null, engine: engine.name },
    );
    return identical ? exitCode.done : exitCode.failed;
  },
});
