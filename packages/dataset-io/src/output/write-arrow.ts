import {
  AsyncByteQueue,
  RecordBatchFileWriter,
  RecordBatchStreamWriter,
  type RecordBatch,
} from 'apache-arrow';
import { openTemporary, type TemporaryFile } from '../files/write-file-atomic.js';

/**
 * Writes record batches of one schema as an Arrow IPC file, atomically and a batch at a time. Nothing is written, and no
 * folder made, before there is a batch.
 *
 * @throws Error where there is none: a file without a batch would be one without a schema
 */
export async function writeArrow(file: string, batches: AsyncIterable<RecordBatch>): Promise<void> {
  const Writer = file.endsWith('.arrows') ? RecordBatchStreamWriter : RecordBatchFileWriter;
  const encoded = new EncodedChunks();
  const writer = new Writer().reset(encoded);
  let temporary: TemporaryFile | undefined;
  const flush = async () => {
    temporary ??= await openTemporary(file);
    for (const chunk of encoded.take()) await temporary.append(chunk);
  };
  try {
    for await (const batch of batches) {
      writer.write(batch);
      // The next batch is not asked for before this one is in the file.
      await flush();
    }
    if (!temporary) throw new Error(`There is nothing to write to ${file}.`);
    writer.close();
    await flush();
    await temporary.keepAs(file);
  } finally {
    await temporary?.close();
  }
}

/** What a writer has encoded and nobody has taken yet. */
class EncodedChunks extends AsyncByteQueue {
  #chunks: Uint8Array[] = [];

  override write(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
  }

  take(): Uint8Array[] {
    const chunks = this.#chunks;
    this.#chunks = [];
    return chunks;
  }
}
