import { mkdir, readdir } from 'node:fs/promises';
import { InterruptedError, RunError } from '../errors.js';

/**
 * Makes the folder that --out names.
 *
 * @throws RunError when it cannot be made, or is there and holds anything
 */
export async function claimFolder(folder: string): Promise<void> {
  let entries: string[];
  try {
    await mkdir(folder, { recursive: true });
    entries = await readdir(folder);
  } catch (error) {
    throw new RunError(`Cannot use ${folder} as --out: ${(error as Error).message}`);
  }
  if (entries.length > 0) {
    throw new RunError(`The output folder ${folder} is not empty; choose a new one with --out.`);
  }
}

/**
 * Asked before each file that a command puts into its claimed folder.
 *
 * @param done what the folder holds by then: `12 of 64 images`
 * @throws InterruptedError on Ctrl-C
 */
export function assertNotInterrupted(signal: AbortSignal, folder: string, done: string): void {
  if (!signal.aborted) return;
  throw new InterruptedError(
    `Interrupted after ${done}; to begin again, empty ${folder} or name a new folder with --out.`,
  );
}
