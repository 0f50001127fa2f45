import {
  encodePng,
  readGeneratedRows,
  writeFileAtomic,
  type GeneratedRow,
} from '@evenset/dataset-io';
import { openEngine, openSampler, readCheckpoint, trainingOptions } from '@evenset/gan-core';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { defineCommand } from '../command.js';
import { RunError, UsageError } from '../errors.js';
import { exitCode } from '../exit-code.js';
import { consoleOptions } from '../options/console-options.js';
import { generatorHash } from '../run/generator-hash.js';
import { readRunRecord } from '../run/run-folder.js';
import { checkpointFile } from '../stages/train-model.js';
import { BLOCK } from '../stages/generate-class.js';

export const replay = defineCommand({
  name: 'replay',
  description:
    'Generate one row again from its checkpoint and compare it with its file, byte for byte.',
  options: z.object({
    manifest: z.string().describe("A run's labels.arrow."),
    row: z.string().describe('The row: its number from 0, or its path.'),
    out: z.string().optional().describe('Write the image to this new file.'),
    engine: trainingOptions.shape.engine,
    ...consoleOptions.shape,
  }),
  examples: [
    ['$0 replay --manifest out/labels.arrow --row images/bag/000007.png', 'One image again'],
  ],
  async run(options, { narrator }) {
    const run = dirname(options.manifest);
    const row = findRow(await readGeneratedRows(options.manifest), options.row, options.manifest);
    const record = await readRunRecord(join(run, 'run.json'));
    const file = checkpointFile({ file: (...parts) => join(run, ...parts) });
    if ((await generatorHash(file)) !== row.generator) {
      throw new RunError(
        `Row ${options.row} was made by another checkpoint than ${file}; replay it in its own run folder.`,
      );
    }
    if (options.out !== undefined && existsSync(options.out)) {
      throw new RunError(`The file ${options.out} exists already; name a new one with --out.`);
    }

    const engine = await openEngine(options.engine);
    const checkpoint = await readCheckpoint(file);
    const sampler = await openSampler(checkpoint, engine);
    const block = await sampler.generate(row.label, Math.floor(row.index / BLOCK));
    await sampler.dispose();
    await engine.dispose();

    const { size, channels } = checkpoint.config;
    const bytes = size * size * channels;
    const slot = row.index % BLOCK;
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

interface NumberedRow extends GeneratedRow {
  /** Row number in the manifest. */
  readonly row: number;
}

function findRow(rows: readonly NumberedRow[], wanted: string, manifest: string): NumberedRow {
  const found = rows.find(({ row, path }) => path === wanted || String(row) === wanted);
  if (found) return found;
  const first = rows[0];
  const hint = first
    ? ` Generated rows: ${first.row} (${first.path}) to ${rows.at(-1)?.row ?? first.row}.`
    : ' It holds no generated rows.';
  throw new UsageError(
    `Expected a generated row of ${manifest} for --row but received "${wanted}".${hint}`,
  );
}
