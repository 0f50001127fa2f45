import { exportImageFolder } from './export-image-folder.js';
import type { Sink } from './sink.js';

/** Layouts in which a data set can be written besides its manifest. */
export const exportFormats = ['image-folder'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** What writes each of them. */
export const exporters: Readonly<Record<ExportFormat, Sink>> = {
  'image-folder': exportImageFolder,
};
