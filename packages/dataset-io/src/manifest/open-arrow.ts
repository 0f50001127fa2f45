import { RecordBatchReader, type RecordBatch, type Schema } from 'apache-arrow';
import { createReadStream } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { ManifestError, NotFoundError, reasonOf } from '../errors.js';
import { registerCodecs } from './compression.js';

/** The two framings of Arrow IPC. */
type ArrowFormat = 'file' | 'stream';

/** An Arrow file that can be read from its start as often as needed, a record batch at a time. */
export interface ArrowFile {
  readonly path: string;
  readonly format: ArrowFormat;
  readonly schema: Schema;
  batches(): AsyncGenerator<RecordBatch>;
  /** One record batch by its number; a stream is read up to it. */
  batch(number: number): Promise<RecordBatch | undefined>;
}

const MAGIC = 'ARROW1';
/** What a whole stream ends with: the marker of a message, of length 0. */
const STREAM_END = Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]);
const DAMAGED = 'is cut short or damaged';

/**
 * Opens an Arrow IPC file of either format.
 *
 * @throws NotFoundError when it is not there
 * @throws ManifestError when it is empty, cut short or of another kind
 */
export async function openArrow(path: string): Promise<ArrowFile> {
  registerCodecs();
  const info = await stat(path).catch(() => {
    throw new NotFoundError(`There is no manifest ${path}.`, path);
  });
  if (!info.isFile()) throw new ManifestError(`Expected an Arrow file but ${path} is a folder.`);
  const format = await formatOf(path, info.size);
  async function* batches(): AsyncGenerator<RecordBatch> {
    const reader = await openReader(path, format);
    try {
      for await (const batch of reader) yield batch;
    } catch (error) {
      throw damaged(path, error);
    } finally {
      await reader.cancel();
    }
  }
  async function batch(number: number): Promise<RecordBatch | undefined> {
    if (format === 'stream') {
      let next = 0;
      for await (const found of batches()) if (next++ === number) return found;
      return undefined;
    }
    const reader = await openReader(path, format);
    try {
      return reader.isFile() ? ((await reader.readRecordBatch(number)) ?? undefined) : undefined;
    } catch (error) {
      throw damaged(path, error);
    } finally {
      await reader.cancel();
    }
  }
  const reader = await openReader(path, format);
  const { schema } = reader;
  await reader.cancel();
  return { path, format, schema, batches, batch };
}

async function openReader(path: string, format: ArrowFormat) {
  // A file handle is read batch by batch; a file that comes as a stream would be read whole.
  const source =
    format === 'file' ? await open(path) : createReadStream(path, { highWaterMark: 1 << 20 });
  try {
    const reader = await RecordBatchReader.from(source as FileHandle);
    return await reader.open({ autoDestroy: false });
  } catch (error) {
    await source.close();
    throw damaged(path, error);
  }
}

function damaged(path: string, error: unknown): ManifestError {
  if (error instanceof ManifestError) return error;
  const reason = reasonOf(error);
  const what = reason.startsWith('Unrecognized') ? 'holds a type that is not supported' : DAMAGED;
  return new ManifestError(`${path} ${what}: ${reason}`, { cause: error });
}

async function formatOf(path: string, size: number): Promise<ArrowFormat> {
  if (size === 0) throw new ManifestError(`The manifest ${path} is empty.`);
  const handle = await open(path);
  try {
    const head = Buffer.alloc(8);
    await handle.read(head, 0, 8, 0);
    const text = head.toString('latin1');
    if (text.startsWith(MAGIC)) {
      const tail = await readTail(handle, size, MAGIC.length);
      if (tail.toString('latin1') === MAGIC) return 'file';
      throw new ManifestError(`${path} ${DAMAGED}: the end of the Arrow file is missing.`);
    }
    if (head.readUInt32LE(0) === 0xffffffff) {
      // Without this a stream that was cut between two batches would pass for a shorter one.
      const tail = await readTail(handle, size, STREAM_END.length);
      if (tail.equals(STREAM_END)) return 'stream';
      throw new ManifestError(`${path} ${DAMAGED}: the end of the Arrow stream is missing.`);
    }
    const kind = text.startsWith('PAR1')
      ? 'a Parquet file'
      : text.startsWith('FEA1')
        ? 'a Feather version 1 file'
        : 'of another kind';
    throw new ManifestError(
      `Expected an Arrow IPC file (file or stream format) but ${path} is ${kind}.`,
    );
  } finally {
    await handle.close();
  }
}

async function readTail(handle: FileHandle, size: number, length: number): Promise<Buffer> {
  const tail = Buffer.alloc(length);
  await handle.read(tail, 0, length, Math.max(0, size - length));
  return tail;
}
