export { ManifestError, NotFoundError, type QuarantineEntry } from './errors.js';
export { readManifest } from './manifest/read-manifest.js';
export type { Manifest } from './manifest/manifest.js';
export { scanImages, type Scan, type ScannedImage } from './scan/scan-images.js';
export { writeManifest, writeQuarantine } from './scan/write-manifest.js';
export { decodeOptions, type DecodeOptions } from './decode/decode-options.js';
export { decodeImage, type DecodedImage } from './decode/decode-image.js';
export {
  openPixelStore,
  type PixelStore,
  type PixelStoreOptions,
} from './decode/open-pixel-store.js';
export { splitImages, type Splits } from './split-images.js';
export { encodePng, type Picture } from './output/encode-png.js';
export { exportImageFolder } from './output/export-image-folder.js';
export { filterManifest, type FilterCounts } from './output/filter-manifest.js';
export {
  findGeneratedRow,
  type GeneratedRow,
  type GeneratedRowKey,
} from './output/generated-row.js';
export { placeRealImages } from './output/place-real-images.js';
export { writeAugmentedManifest } from './output/write-augmented-manifest.js';
export { safeFolderNames } from './files/safe-folder-names.js';
export { writeFileAtomic } from './files/write-file-atomic.js';
