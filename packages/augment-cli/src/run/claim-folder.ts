import { mkdir, readdir } from 'node:fs/promises';
import { RunError } from '../errors.js';

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
