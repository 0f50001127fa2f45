import { RecordBatchFileWriter, RecordBatchStreamWriter, type RecordBatch } from 'apache-arrow';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { writeAtomic } from '../files/write-file-atomic.js';

/** Writes record batches of one schema as an Arrow IPC file, atomically and a batch at a time. */
export async function writeArrow(file: string, batches: AsyncIterable<RecordBatch>): Promise<void> {
  const writer = file.endsWith('.arrows') ? RecordBatchStreamWriter : RecordBatchFileWriter;
  let failure: Error | undefined;
  // The writer turns an error of its source into an unhandled rejection: it sees an early end instead.
  async function* guarded(): AsyncGenerator<RecordBatch> {
    try {
      yield* batches;
    } catch (error) {
      failure = error as Error;
    }
  }
  await writeAtomic(file, async (handle) => {
    await pipeline(
      Readable.from(guarded(), { objectMode: true }),
      writer.throughNode(),
      async (chunks: AsyncIterable<Uint8Array>) => {
        for await (const chunk of chunks) await handle.writeFile(chunk);
      },
    );
    if (failure) throw failure;
  });
}
