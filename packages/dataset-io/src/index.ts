export { ManifestError, NotFoundError, type QuarantineEntry } from './errors.js';
export { readManifest } from './manifest/read-manifest.js';
export { isTrainSplit, type Manifest } from './manifest/manifest.js';
export { leadsOutside, outputPath } from './manifest/image-path.js';
export { buildManifest, type Scan } from './scan/build-manifest.js';
export { writeManifest, type ScannedImage } from './scan/write-manifest.js';
export { writeQuarantine } from './scan/write-quarantine.js';
export { decodeOptions, type DecodeOptions } from './decode/decode-options.js';
export { decodeImage, type DecodedImage } from './decode/decode-image.js';
export {
  openPixelStore,
  type PixelStore,
  type PixelStoreOptions,
} from './decode/open-pixel-store.js';
export { openImageReader, type ImageReader } from './decode/open-image-reader.js';
export { viewableImage } from './decode/viewable-image.js';
export { firstOfContents } from './duplicates/first-of-contents.js';
export {
  findDuplicates,
  type Duplicates,
  type NearDuplicate,
} from './duplicates/find-duplicates.js';
export { inspectImages, type ImageLook } from './inspect/inspect-images.js';
export { splitImages, type Splits } from './split-images.js';
export { encodeCorner, encodeThumbnail } from './output/encode-thumbnail.js';
export { readThumbnails } from './output/read-thumbnails.js';
export { readGeneratedRows, type GeneratedRowFigures } from './output/read-generated-rows.js';
export { openImageSpill, type ImageSpill } from './output/open-image-spill.js';
export { encodePng, type Picture } from './output/encode-png.js';
export { exporters, exportFormats, type ExportFormat } from './output/export-formats.js';
export {
  filterManifest,
  reaches,
  type FilterCounts,
  type FilterRule,
  type RowThresholds,
} from './output/filter-manifest.js';
export {
  findGeneratedRow,
  type GeneratedRow,
  type GeneratedRowKey,
} from './output/generated-row.js';
export { readJudgements, writeJudgements, type JudgementRow } from './output/judgements.js';
export { assertCarriedThrough } from './output/output-schema.js';
export type { AugmentedDataset, Sink } from './output/sink.js';
export { readReviewRows, type Review, type ReviewRow } from './output/review-rows.js';
export { reviewRules } from './output/review-rule.js';
export { reviewedDecisions, writeReviewedManifest } from './output/write-reviewed-manifest.js';
export { writeDataset } from './output/write-dataset.js';
export { safeFolderNames } from './files/safe-folder-names.js';
export { hashFile } from './files/hash-file.js';
export { isTemporaryName, removeTemporaryFiles, STALE_MS } from './files/remove-temporary-files.js';
export { naming, writeFileAtomic } from './files/write-file-atomic.js';
