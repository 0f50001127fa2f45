import { appendFile, readFile } from 'node:fs/promises';
import { naming, writeFileAtomic } from '@evenset/dataset-io';
import type { Look } from '../stages/quality-watch.js';

/** Where a run is: a rollback lowers its step and raises the number of rollbacks. */
interface Place {
  readonly step: number;
  readonly rollbacks: number;
}

/** One logged training step; what else a line has, like losses, is for readers of the file. */
export interface StatsEntry extends Place, Partial<Look> {
  /** Of training, in this session. */
  readonly elapsedSeconds: number;
  /** What went wrong at this step. */
  readonly fault?: string;
  /** The last good step before a fault. */
  readonly goodStep?: number;
}

/** stats.jsonl: one JSON line per logged training step, with the training time of all sessions. */
export interface StatsLog {
  /** What is logged so far, the steps that an interrupted run makes again left out. */
  readonly entries: readonly StatsEntry[];
  /** @throws Error naming the file when the system does not let it be written */
  append(entry: StatsEntry): Promise<void>;
  /** Training time of all sessions. */
  seconds(): number;
}

/**
 * Opens the log of a run that continues from a checkpoint: later lines, left by an interrupted run, are dropped. Steps
 * that a rollback undid stay.
 */
export async function openStatsLog(file: string, place: Place): Promise<StatsLog> {
  const kept = (await readLines(file)).filter((line) => !isBehind(parseEntry(line), place));
  await writeFileAtomic(file, Buffer.from(kept.map((line) => `${line}\n`).join('')));
  const entries = kept.map(parseEntry);
  const before = entries.at(-1)?.elapsedSeconds ?? 0;
  let seconds = before;
  return {
    entries,
    async append(entry) {
      seconds = before + entry.elapsedSeconds;
      const line = { ...entry, elapsedSeconds: seconds };
      entries.push(line);
      await naming(file, () => appendFile(file, `${JSON.stringify(line)}\n`));
    },
    seconds: () => seconds,
  };
}

function isBehind(entry: Place, { step, rollbacks }: Place): boolean {
  return entry.rollbacks > rollbacks || (entry.rollbacks === rollbacks && entry.step > step);
}

/** What a log holds; empty where there is none. */
export async function readStats(file: string): Promise<StatsEntry[]> {
  return (await readLines(file)).map(parseEntry).filter(({ step }) => Number.isFinite(step));
}

async function readLines(file: string): Promise<string[]> {
  try {
    return (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** A line as an entry; one that a crash cut short lies behind every place. */
function parseEntry(line: string): StatsEntry {
  try {
    return JSON.parse(line) as StatsEntry;
  } catch {
    return { step: Infinity, rollbacks: Infinity, elapsedSeconds: 0 };
  }
}
