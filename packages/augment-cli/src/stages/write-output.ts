import {
  exporters,
  removeTemporaryFiles,
  writeDataset,
  writeJudgements,
  type ExportFormat,
} from '@evenset/dataset-io';
import type { CommandContext } from '../command.js';
import type { RunFolder } from '../run/run-folder.js';
import type { Filled } from './fill-classes.js';
import type { Input } from './read-input.js';

/** Files that a process which was killed may have left half-written: nobody else writes them. */
const LABELS = 'labels.arrow';
const JUDGEMENTS = 'judgements.arrow';

/** Writes the merged manifest and what it points at, how images were judged, and the layout that was asked for. */
export async function writeOutput(
  input: Input,
  { rows, judgements }: Filled,
  exportFormat: ExportFormat | undefined,
  folder: RunFolder,
  { narrator }: CommandContext,
): Promise<void> {
  const { manifest, pixels, generated } = input;
  const readableRows = Int32Array.from([...pixels.rows, ...generated.rows]).sort();
  const dataset = { manifest, readableRows, generated: rows };
  for (const name of [LABELS, JUDGEMENTS]) {
    await removeTemporaryFiles(folder.path, { of: `${name}.` });
  }
  const sinks = [writeDataset, ...(exportFormat ? [exporters[exportFormat]] : [])];
  for (const sink of sinks) {
    await sink(dataset, folder.path, (message) => {
      narrator.warn(message);
    });
  }
  await writeJudgements(folder.file(JUDGEMENTS), judgements);
}
