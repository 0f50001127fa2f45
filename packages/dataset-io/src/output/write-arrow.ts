import { RecordBatchFileWriter, RecordBatchStreamWriter, type RecordBatch } from 'apache-arrow';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { writeAtomic } from '../files/write-file-atomic.js';

/** Writes record batches of one schema as an Arrow IPC file, atomically and a batch at a time. */
export async function writeArrow(file: string, batches: AsyncIterable<RecordBatch>): Promise<void> {
  const writer = file.endsWith('.arrows') ? RecordBatchStreamWriter : RecordBatchFileWriter;
  await writeAtomic(file, async (handle) => {
    await pipeline(
      Readable.from(batches, { objectMode: true }),
      writer.throughNode(),
      async (chunks: AsyncIterable<Uint8Array>) => {
        for await (const chunk of chunks) await handle.writeFile(chunk);
      },
    );
  });
}
