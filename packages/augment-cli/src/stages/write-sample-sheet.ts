import { encodePng, writeFileAtomic, type Picture } from '@evenset/dataset-io';
import type { ModelConfig, Sampler } from '@evenset/gan-core';
import { join } from 'node:path';
import { tileImages } from './tile-images.js';

/** Images of each class on a sheet. */
const COLUMNS = 8;
/** Classes on a sheet at most. */
const MAX_ROWS = 16;

/** Writes <step>.png: the same candidates of every class on every sheet, so that progress is seen; gives it too. */
export async function writeSampleSheet(
  folder: string,
  step: number,
  sampler: Sampler,
  config: ModelConfig,
): Promise<Omit<Picture, 'pixels'> & { readonly png: Uint8Array }> {
  const name = `${String(step).padStart(6, '0')}.png`;
  const { pixels, ...shape } = await sampleSheet(sampler, config);
  const png = await encodePng({ pixels, ...shape });
  await writeFileAtomic(join(folder, name), png);
  return { ...shape, png };
}

/** The first candidates of every class, a row each. */
export async function sampleSheet(
  sampler: Sampler,
  { size, channels, classes }: ModelConfig,
): Promise<Picture> {
  const bytes = COLUMNS * size * size * channels;
  const rows: Uint8Array[] = [];
  for (let label = 0; label < Math.min(classes, MAX_ROWS); label++) {
    rows.push((await sampler.generate(label, 0)).subarray(0, bytes));
  }
  return tileImages(Buffer.concat(rows), { size, channels, columns: COLUMNS });
}
