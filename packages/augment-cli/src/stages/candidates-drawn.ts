import { readGeneratedRows, readJudgements, type Manifest } from '@evenset/dataset-io';
import { SAMPLE_BLOCK } from '@evenset/gan-core';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readRunRecord } from '../run/run-folder.js';

/**
 * How many candidates of each class the same generator has drawn for a manifest, in whole blocks: the next ones are new. The run
 * that wrote the manifest knows also those that it rejected; else those count that came before the last row.
 */
export async function candidatesDrawn(manifest: Manifest, generator: string): Promise<number[]> {
  const drawn = manifest.classes.map(() => 0);
  const count = (label: number, index: number) => {
    if (label >= 0) drawn[label] = Math.max(drawn[label] ?? 0, index + 1);
  };
  for await (const rows of readGeneratedRows(manifest)) {
    for (const { row, index, generator: own } of rows)
      if (own === generator) count(manifest.labels[row] ?? -1, index);
  }
  const judgements = join(manifest.folder, 'judgements.arrow');
  if (existsSync(judgements) && (await generatorOf(manifest.folder)) === generator) {
    const labelOf = new Map(manifest.classes.map((name, label) => [name, label]));
    for await (const rows of readJudgements(judgements)) {
      for (const { label, index } of rows)
        if (index !== null) count(labelOf.get(label) ?? -1, index);
    }
  }
  return drawn.map((own) => Math.ceil(own / SAMPLE_BLOCK) * SAMPLE_BLOCK);
}

/** The generator of the run in a folder; undefined where its record is missing or of another program. */
async function generatorOf(folder: string): Promise<string | null | undefined> {
  const record = await readRunRecord(join(folder, 'run.json')).catch(() => undefined);
  return record?.generator;
}
