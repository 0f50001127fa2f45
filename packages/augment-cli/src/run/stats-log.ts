import { appendFile, readFile } from 'node:fs/promises';
import { writeFileAtomic } from '@evenset/dataset-io';

/** One logged training step. */
interface StatsEntry {
  readonly step: number;
  /** Of training, in this session. */
  readonly elapsedSeconds: number;
  /** The quality watch's measure, at the steps where it looks. */
  readonly kernelDistance?: number | undefined;
}

/** stats.jsonl: one JSON line per logged training step, with the training time of all sessions. */
export interface StatsLog {
  /** What was logged before, the steps that are made again left out. */
  readonly earlier: readonly StatsEntry[];
  append(entry: StatsEntry): Promise<void>;
  /** Training time of all sessions. */
  seconds(): number;
}

/**
 * Opens the log of a run that continues behind `step`: later lines, left by an interrupted run, are dropped.
 */
export async function openStatsLog(file: string, step: number): Promise<StatsLog> {
  const kept = (await readLines(file)).filter((line) => parseEntry(line).step <= step);
  await writeFileAtomic(file, Buffer.from(kept.map((line) => `${line}\n`).join('')));
  const earlier = kept.map(parseEntry);
  const before = earlier.at(-1)?.elapsedSeconds ?? 0;
  let seconds = before;
  return {
    earlier,
    async append(entry) {
      seconds = before + entry.elapsedSeconds;
      await appendFile(file, `${JSON.stringify({ ...entry, elapsedSeconds: seconds })}\n`);
    },
    seconds: () => seconds,
  };
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

/** A line as an entry; one that a crash cut short lies behind every step. */
function parseEntry(line: string): StatsEntry {
  try {
    return JSON.parse(line) as StatsEntry;
  } catch {
    return { step: Infinity, elapsedSeconds: 0 };
  }
}
