/** A model that cannot be written in a format. */
export class ExportError extends Error {
  override readonly name = 'ExportError';
}
