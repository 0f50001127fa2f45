/** A manifest, or a file that it names, cannot be used. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
}

/** A file or folder that the user named is not there. */
export class NotFoundError extends Error {
  override readonly name = 'NotFoundError';

  constructor(
    message: string,
    /** What was named. */
    readonly path: string,
  ) {
    super(message);
  }
}

/** An image that is left out, and why. */
export interface QuarantineEntry {
  /** Row of the manifest from 0, null for a file that was scanned. */
  readonly row: number | null;
  readonly path: string;
  readonly reason: string;
}

/** Why something failed, in one line. */
export function reasonOf(error: unknown): string {
  if ((error as NodeJS.ErrnoException | null)?.code === 'ENOENT') return 'there is no such file';
  const message = error instanceof Error ? error.message : String(error);
  return (message.split('\n')[0] ?? message).trim();
}
