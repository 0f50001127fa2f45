// Our half of the ingest benchmark: scans a folder, which decodes it, then opens the manifest and reads every batch.
import { buildManifest, decodeOptions, openPixelStore, readManifest } from '@evenset/dataset-io';
import { join } from 'node:path';

const [folder, size, work] = process.argv.slice(2);
const start = performance.now();
const decoding = decodeOptions.parse({ size: Number(size) });
const manifestFile = join(folder, 'labels.arrow');
await buildManifest(folder, manifestFile, { decoding, cacheDir: work });
const scanSeconds = secondsSince(start);
const manifest = await readManifest(manifestFile);
const pixels = await openPixelStore(manifest, {
  ...decoding,
  rows: manifest.labels.map((_, row) => row),
  cacheDir: work,
});
// One batch ahead, as training reads them.
let next = readBatch(0);
for (let from = 64; from < pixels.count; from += 64) {
  const current = next;
  next = readBatch(from);
  await current;
}
await next;
await pixels.close();

function secondsSince(time) {
  return (performance.now() - time) / 1000;
}

function readBatch(from) {
  const length = Math.min(64, pixels.count - from);
  return pixels.read(Int32Array.from({ length }, (_, i) => from + i));
}

console.log(
  JSON.stringify({
    images: pixels.count,
    scanSeconds,
    seconds: secondsSince(start),
    residentMB: process.resourceUsage().maxRSS / 1024,
  }),
);
