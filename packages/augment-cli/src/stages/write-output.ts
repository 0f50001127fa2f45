import {
  encodePng,
  exporters,
  writeDataset,
  writeFileAtomic,
  writeQuarantine,
  type ExportFormat,
} from '@evenset/dataset-io';
import type { CommandContext } from '../command.js';
import { reportPage } from '../report/report-page.js';
import type { RunFolder } from '../run/run-folder.js';
import type { RunRecord } from '../run/run-record.js';
import type { Filled, Gallery } from './fill-classes.js';
import type { PastLook } from './past-looks.js';
import type { Input } from './read-input.js';

/** Real images shown per class in the report. */
const REAL_SHOWN = 24;

/** Writes the merged manifest and what it points at, and the data set in the layout that was asked for. */
export async function writeOutput(
  input: Input,
  { rows }: Filled,
  exportFormat: ExportFormat | undefined,
  folder: RunFolder,
  { narrator }: CommandContext,
): Promise<void> {
  const { manifest, pixels, generated, quarantine } = input;
  const readableRows = Int32Array.from([...pixels.rows, ...generated.rows]).sort();
  const dataset = { manifest, readableRows, generated: rows };
  const sinks = [writeDataset, ...(exportFormat ? [exporters[exportFormat]] : [])];
  for (const sink of sinks) {
    await sink(dataset, folder.path, (message) => {
      narrator.warn(message);
    });
  }
  if (quarantine.length > 0) await writeQuarantine(quarantine, folder.file('quarantine.jsonl'));
}

/** Writes report.html. */
export async function writeReport(
  input: Input,
  galleries: readonly Gallery[],
  looks: readonly PastLook[],
  record: RunRecord,
  folder: RunFolder,
): Promise<void> {
  const pages = [];
  for (const gallery of galleries) {
    const label = input.manifest.classes.indexOf(gallery.label);
    pages.push({ ...gallery, real: await realImages(input, label) });
  }
  await writeFileAtomic(folder.file('report.html'), Buffer.from(reportPage(record, looks, pages)));
}

async function realImages({ pixels, split }: Input, label: number): Promise<Uint8Array[]> {
  const { size, channels } = pixels;
  const positions = split.train
    .filter((position) => pixels.labels[position] === label)
    .subarray(0, REAL_SHOWN);
  const images = await pixels.read(positions);
  const bytes = size * size * channels;
  return Promise.all(
    Array.from(positions, (_, i) =>
      encodePng({
        pixels: images.subarray(i * bytes, (i + 1) * bytes),
        width: size,
        height: size,
        channels,
      }),
    ),
  );
}
