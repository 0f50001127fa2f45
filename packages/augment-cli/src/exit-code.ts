import { NotFoundError } from '@evenset/dataset-io';
import { ExtractorError } from '@evenset/quality-eval';
import { InterruptedError, UsageError } from './errors.js';

/** What the process's exit code says. */
export const exitCode = { done: 0, failed: 1, usage: 2, short: 3, interrupted: 130 } as const;

/** The exit code for an error that ended a command. */
export function exitCodeOf(error: unknown): number {
  const ofUsage = [UsageError, NotFoundError, ExtractorError];
  if (ofUsage.some((kind) => error instanceof kind)) return exitCode.usage;
  if (error instanceof InterruptedError || isAbort(error)) return exitCode.interrupted;
  return exitCode.failed;
}

/** Whether an error is what AbortSignal.throwIfAborted throws inside the libraries on Ctrl-C. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
