import { existsSync } from 'node:fs';

/** A wrong flag, config key, environment variable, or a file named on the command line that is not there: exit 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @throws UsageError when a file that the command line names is not there */
export function assertThere(file: string, flag: string): void {
  if (!existsSync(file)) throw new UsageError(`There is no file ${file} (${flag}).`);
}

/** The work could not be done: exit 1. */
export class RunError extends Error {
  override readonly name = 'RunError';
}

/** Ctrl-C or SIGTERM, after a checkpoint: exit 130. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}
