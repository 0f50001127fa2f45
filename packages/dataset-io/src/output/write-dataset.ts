import { join } from 'node:path';
import { placeRealImages } from './place-real-images.js';
import type { Sink } from './sink.js';
import { writeAugmentedManifest } from './write-augmented-manifest.js';

/** The main sink: labels.arrow with every row, beside the real images that its rows name. */
export const writeDataset: Sink = async (dataset, folder, onWarning) => {
  const { manifest, readableRows, generated } = dataset;
  await placeRealImages(manifest, readableRows, folder);
  await writeAugmentedManifest(manifest, generated, join(folder, 'labels.arrow'), { onWarning });
};
