import { appendFile, readFile } from 'node:fs/promises';
import { writeFileAtomic } from '@evenset/dataset-io';

/** stats.jsonl: one JSON line per logged training step. */
export interface StatsLog {
  append(entry: { readonly step: number }): Promise<void>;
}

/**
 * Opens the log of a run that continues behind `step`: later lines, left by an interrupted run, are dropped.
 */
export async function openStatsLog(file: string, step: number): Promise<StatsLog> {
  const kept = (await readLines(file)).filter((line) => stepOf(line) <= step);
  await writeFileAtomic(file, Buffer.from(kept.map((line) => `${line}\n`).join('')));
  return {
    append: (entry) => appendFile(file, `${JSON.stringify(entry)}\n`),
  };
}

async function readLines(file: string): Promise<string[]> {
  try {
    return (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** The step of a line; Infinity for one that a crash cut short. */
function stepOf(line: string): number {
  try {
    return (JSON.parse(line) as { step: number }).step;
  } catch {
    return Infinity;
  }
}
