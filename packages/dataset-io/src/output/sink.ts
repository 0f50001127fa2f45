import type { Manifest } from '../manifest/manifest.js';
import type { GeneratedRow } from './generated-row.js';

/** A data set as it is to be written: a manifest's rows, and generated ones behind them. */
export interface AugmentedDataset {
  readonly manifest: Manifest;
  /** The rows whose images can be read, ascending. */
  readonly readableRows: Int32Array;
  /** Their PNG files lie in the output folder already. */
  readonly generated: readonly GeneratedRow[];
}

/**
 * Writes a data set below an output folder. It overwrites nothing, and may be called again after it was
 * interrupted.
 */
export type Sink = (
  dataset: AugmentedDataset,
  folder: string,
  onWarning: (message: string) => void,
) => Promise<void>;
