import { join, relative } from 'node:path';
import { availableParallelism } from 'node:os';
import { linkOrCopy } from '../files/link-or-copy.js';
import { mapConcurrently } from '../files/map-concurrently.js';
import { leadsOutside, resolveImage } from '../manifest/image-path.js';
import type { Manifest } from '../manifest/manifest.js';

/**
 * Places the real images under the output folder at their own relative paths, so that unchanged rows resolve
 * from there: hard links where possible, else copies. What is there already stays.
 *
 * @param rows the rows whose images can be read
 */
export async function placeRealImages(
  manifest: Manifest,
  rows: Int32Array,
  folder: string,
): Promise<void> {
  if (manifest.storage === 'embedded' || relative(manifest.folder, folder) === '') return;
  const paths = new Set<string>();
  for (const row of rows) {
    const path = manifest.paths.at(row) ?? null;
    if (path !== null && !leadsOutside(path)) paths.add(path);
  }
  await mapConcurrently([...paths], 4 * availableParallelism(), (path) =>
    linkOrCopy(resolveImage(manifest.folder, path), join(folder, ...path.split('/'))),
  );
}
