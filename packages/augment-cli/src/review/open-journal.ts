import { constants } from 'node:fs';
import { open, readFile, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { RunError } from '../errors.js';
import type { JournalEntry } from './decisions.js';

/** The first line: which manifest the row numbers belong to. */
const header = z.object({
  format: z.literal('evenset.review'),
  formatVersion: z.literal(1),
  manifestSha256: z.string(),
});

const entry = z.object({
  act: z.enum(['decide', 'undo']),
  changes: z.array(z.tuple([z.int().min(0), z.enum(['accepted', 'rejected']).nullable()])),
});

/** Every decision that was ever made in a review, one JSON line an action. */
export interface Journal {
  /** What it held when it was opened. */
  readonly entries: readonly JournalEntry[];
  /**
   * Adds entries, all or none, and resolves when they are on disk. The file is made with the first.
   *
   * @throws Error naming the file when the system does not let it be written
   */
  append(entries: readonly JournalEntry[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a journal. A last line that a crash cut short was never confirmed to anyone, and is dropped.
 *
 * @throws RunError when it is damaged, or belongs to another manifest
 */
export async function openJournal(file: string, manifestSha256: string): Promise<Journal> {
  const { lines, bytes } = await readLines(file);
  const [first, ...rest] = lines;
  if (first !== undefined) {
    const found = parse(header, first, `line 1 of ${file}`);
    if (found.manifestSha256 !== manifestSha256) {
      throw new RunError(
        `The decisions in ${file} belong to another labels.arrow than the one beside them; move them away to begin anew.`,
      );
    }
  }
  const entries = rest.map((line, i) => parse(entry, line, `line ${i + 2} of ${file}`));
  const begin = { format: 'evenset.review', formatVersion: 1, manifestSha256 };

  let handle: FileHandle | undefined;
  let length = bytes;
  async function write(text: string): Promise<void> {
    handle ??= await openForWriting(file);
    // What an earlier attempt or a crash left behind the last whole line.
    await handle.truncate(length);
    const content = Buffer.from(text);
    let done = 0;
    while (done < content.length) {
      const at = length + done;
      done += (await handle.write(content, done, content.length - done, at)).bytesWritten;
    }
    await handle.sync();
    length += content.length;
  }

  return {
    entries,
    async append(added) {
      const at = new Date().toISOString();
      const all = [...(length === 0 ? [begin] : []), ...added.map((one) => ({ at, ...one }))];
      try {
        await write(all.map((one) => `${JSON.stringify(one)}\n`).join(''));
      } catch (error) {
        await handle?.truncate(length).catch(() => undefined);
        throw new Error(`Cannot write ${file}: ${(error as Error).message}`, { cause: error });
      }
    },
    close: async () => handle?.close(),
  };
}

/** How many entries a journal holds; 0 where there is none. */
export async function countEntries(file: string): Promise<number> {
  return Math.max(0, (await readLines(file)).lines.length - 1);
}

/** Whole lines, and the bytes that they take. */
async function readLines(file: string): Promise<{ lines: string[]; bytes: number }> {
  const content = await readFile(file).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw new RunError(`Cannot read ${file}: ${(error as Error).message}`);
  });
  const bytes = content.lastIndexOf('\n') + 1;
  const lines = content.subarray(0, bytes).toString('utf8').split('\n').slice(0, -1);
  return { lines, bytes };
}

async function openForWriting(file: string): Promise<FileHandle> {
  const handle = await open(file, constants.O_RDWR | constants.O_CREAT);
  // A new name is safe only when its folder is; not every system can sync one.
  const folder = await open(dirname(file), 'r').catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
  return handle;
}

function parse<T extends z.ZodType>(schema: T, line: string, where: string): z.output<T> {
  let content: unknown;
  try {
    content = JSON.parse(line);
  } catch {
    throw new RunError(`Expected JSON in ${where}; the file is damaged.`);
  }
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new RunError(
    `Expected a journal of decisions in ${where}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}.`,
  );
}
