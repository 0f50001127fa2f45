import { openArrow } from '../manifest/open-arrow.js';
import { imagesOf } from '../manifest/manifest.js';
import { ownColumns } from '../manifest/own-columns.js';

/** A generated image as a row of a manifest. */
export interface GeneratedRow {
  /** Relative to the manifest's folder, with `/`. */
  readonly path: string;
  /** Index into the manifest's classes. */
  readonly label: number;
  readonly score: number;
  readonly novelty: number;
  /** Path of the nearest real image. */
  readonly nearest: string;
  /** SHA-256 of the checkpoint that made it. */
  readonly generator: string;
  readonly seed: number;
  /** Number of the candidate within its class. */
  readonly index: number;
  readonly width: number;
  readonly height: number;
  readonly sha256: string;
}

/** What is needed to make a generated row again. */
export interface GeneratedRowKey {
  /** Row number in the manifest. */
  readonly row: number;
  readonly path: string;
  readonly label: string;
  readonly generator: string;
  readonly index: number;
  /** The image itself where it is embedded. */
  readonly bytes: Uint8Array | null;
}

/**
 * Finds one generated row of an output of ours, by its row number or its path.
 *
 * @returns undefined when there is no such generated row
 */
export async function findGeneratedRow(
  file: string,
  wanted: string,
  classes: readonly string[],
): Promise<GeneratedRowKey | undefined> {
  const arrow = await openArrow(file);
  const own = ownColumns(arrow.schema);
  let row = 0;
  for await (const batch of arrow.batches()) {
    const cell = (name: string, i: number): unknown => batch.getChild(name)?.get(i);
    const imageOf = imagesOf(batch);
    for (let i = 0; i < batch.numRows; i++, row++) {
      if (cell(own.get('source') ?? '', i) !== 'generated') continue;
      const image = imageOf(i);
      const path = (cell('path', i) as string | null) ?? image.path ?? '';
      if (path !== wanted && String(row) !== wanted) continue;
      const label = cell('label', i);
      return {
        row,
        path,
        label: typeof label === 'string' ? label : (classes[Number(label)] ?? ''),
        generator: String(cell(own.get('generator') ?? '', i)),
        index: Number(cell(own.get('index') ?? '', i)),
        bytes: image.bytes,
      };
    }
  }
  return undefined;
}
