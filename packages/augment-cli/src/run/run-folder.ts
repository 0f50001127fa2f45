import { link, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import {
  isTemporaryName,
  removeTemporaryFiles,
  STALE_MS,
  writeFileAtomic,
} from '@evenset/dataset-io';
import { RunError } from '../errors.js';
import { runRecord, type RunRecord } from './run-record.js';

/** The output folder of a run, held by this process until it is released. */
export interface RunFolder {
  readonly path: string;
  /** The record of the run that this folder already holds. */
  readonly previous: RunRecord | undefined;
  /** Absolute path of a file or folder inside. */
  file(...parts: string[]): string;
  save(record: RunRecord): Promise<void>;
  readonly release: () => Promise<void>;
}

const RECORD = 'run.json';
const LOCK = '.evenset.lock';
/** How long writing a lock takes at most. */
const LOCK_WRITE_MS = 250;

/**
 * Claims `path` as output folder: new, empty, or holding an evenset run.
 *
 * @throws RunError when it holds something else, cannot be written, or another process is at work in it
 */
export async function claimRunFolder(path: string): Promise<RunFolder> {
  await mkdir(path, { recursive: true }).catch((error: unknown) => {
    throw new RunError(`Cannot create the output folder ${path}: ${reasonOf(error)}`);
  });
  // What a killed process was writing is no file of anybody's.
  const entries = (await readdir(path)).filter(
    (name) => !name.startsWith(LOCK) && !isTemporaryName(name),
  );
  const previous = entries.includes(RECORD) ? await readRunRecord(join(path, RECORD)) : undefined;
  if (!previous && entries.length > 0) {
    throw new RunError(
      `The output folder ${path} holds other files (${entries.slice(0, 3).join(', ')}); choose a new or empty folder with --out.`,
    );
  }
  const lock = await takeLock(join(path, LOCK));
  // Commands that hold no lock may be writing beside a run just now: filter, report.
  await removeTemporaryFiles(path, { olderThanMs: STALE_MS });
  return {
    path,
    previous,
    file: (...parts) => join(path, ...parts),
    save: (record) =>
      writeFileAtomic(join(path, RECORD), Buffer.from(`${JSON.stringify(record, null, 2)}\n`)),
    release: lock.release,
  };
}

/**
 * Holds a folder that a run has been written into, to add to what it wrote.
 *
 * @throws RunError when it holds no run, cannot be written, or another process is at work in it
 */
export async function holdRun(path: string): Promise<{ folder: RunFolder; record: RunRecord }> {
  const record = await readRunRecord(join(path, RECORD));
  return { folder: await claimRunFolder(path), record };
}

/**
 * Reads a run.json.
 *
 * @throws RunError when it is missing, not JSON, or of another format
 */
export async function readRunRecord(file: string): Promise<RunRecord> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new RunError(`Cannot read ${file}: ${reasonOf(error)}`);
  });
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new RunError(`Expected the JSON record of an evenset run in ${file}; it is not JSON.`);
  }
  const record = runRecord.safeParse(content);
  if (record.success) return record.data;
  const issue = record.error.issues[0];
  throw new RunError(
    `Expected the record of an evenset run in ${file}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}.`,
  );
}

/** Who works in a folder. */
interface LockHolder {
  readonly pid: number;
  readonly host: string;
}

async function takeLock(file: string): Promise<{ release: () => Promise<void> }> {
  while (!(await claim(file))) {
    const holder = await readHolder(file);
    if (holder && isAtWork(holder)) {
      throw new RunError(
        `Process ${holder.pid} on ${holder.host} is already at work in this output folder; if it is not, delete ${file}.`,
      );
    }
    await removeDead(file);
  }
  return { release: () => rm(file, { force: true }) };
}

/** Makes the lock, unless there is one. */
async function claim(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(JSON.stringify({ pid: process.pid, host: hostname() }));
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new RunError(`Cannot write to the output folder: ${reasonOf(error)}`);
  }
}

/** Removes a dead lock: moved away first, because another process may just have put its own in its place. */
async function removeDead(file: string): Promise<void> {
  const aside = `${file}.${process.pid}`;
  await rename(file, aside).catch((error: unknown) => {
    // Another process was first.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw new RunError(`Cannot write to the output folder: ${reasonOf(error)}`);
  });
  const holder = await readHolder(aside);
  if (holder && isAtWork(holder)) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
}

/** undefined for a lock that a crash cut short; one that is being written has its time. */
async function readHolder(file: string): Promise<LockHolder | undefined> {
  for (const waitMs of [0, LOCK_WRITE_MS]) {
    await setTimeout(waitMs);
    try {
      return JSON.parse(await readFile(file, 'utf8')) as LockHolder;
    } catch {
      // Not whole yet, or gone.
    }
  }
  return undefined;
}

/** Whether a lock is held; that of a dead process, or of an earlier one with our own number, is not. */
function isAtWork({ pid, host }: LockHolder): boolean {
  if (host !== hostname()) return true;
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
