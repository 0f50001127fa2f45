import { readGeneratedRows, type Manifest } from '@evenset/dataset-io';
import { SAMPLE_BLOCK } from '@evenset/gan-core';

/**
 * How many candidates of each class the same generator has drawn for rows that a manifest holds already, in whole blocks:
 * the next ones are new.
 */
export async function candidatesDrawn(manifest: Manifest, generator: string): Promise<number[]> {
  const drawn = manifest.classes.map(() => 0);
  for await (const rows of readGeneratedRows(manifest)) {
    for (const { row, index, generator: own } of rows) {
      const label = manifest.labels[row] ?? -1;
      if (own === generator && label >= 0) drawn[label] = Math.max(drawn[label] ?? 0, index + 1);
    }
  }
  return drawn.map((count) => Math.ceil(count / SAMPLE_BLOCK) * SAMPLE_BLOCK);
}
