import { RecordBatchReader, type RecordBatch, type Schema } from 'apache-arrow';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
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
}

const MAGIC = 'ARROW1';

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
  const reader = await openReader(path, format);
  const { schema } = reader;
  await reader.cancel();
  return { path, format, schema, batches };
}

async function openReader(path: string, format: ArrowFormat) {
  try {
    // A file handle is read batch by batch; a file that comes as a stream would be read whole.
    const reader =
      format === 'file'
        ? await RecordBatchReader.from(await open(path))
        : await RecordBatchReader.from(createReadStream(path, { highWaterMark: 1 << 20 }));
    return await reader.open({ autoDestroy: false });
  } catch (error) {
    throw damaged(path, error);
  }
}

function damaged(path: string, error: unknown): ManifestError {
  return error instanceof ManifestError
    ? error
    : new ManifestError(`${path} is cut short or damaged: ${reasonOf(error)}`, { cause: error });
}

async function formatOf(path: string, size: number): Promise<ArrowFormat> {
  if (size === 0) throw new ManifestError(`The manifest ${path} is empty.`);
  const handle = await open(path);
  try {
    const head = Buffer.alloc(8);
    await handle.read(head, 0, 8, 0);
    const text = head.toString('latin1');
    if (text.startsWith(MAGIC)) {
      const tail = Buffer.alloc(MAGIC.length);
      await handle.read(tail, 0, MAGIC.length, Math.max(0, size - MAGIC.length));
      if (tail.toString('latin1') === MAGIC) return 'file';
      throw new ManifestError(`${path} is cut short: the end of the Arrow file is missing.`);
    }
    if (head.readUInt32LE(0) === 0xffffffff) return 'stream';
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
