import { naming } from '@evenset/dataset-io';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { RunError } from '../errors.js';
import { encodeEvent, type EventContent, type EventImage } from './encode-event.js';
import { frameRecord } from './frame-record.js';

/** A new event file of TensorBoard; where the system does not let it be written, the error names it. */
export interface EventLog {
  readonly file: string;
  scalars(step: number, values: ReadonlyMap<string, number>): Promise<void>;
  image(step: number, tag: string, image: EventImage): Promise<void>;
  /** Training goes on behind this step: readers drop what any file of the folder tells of later steps. */
  restart(step: number): Promise<void>;
  close(): Promise<void>;
}

/** The version of event files that know restarts. */
const VERSION = 'brain.Event:2';

/**
 * Opens a new event file in a folder, beside those of other processes: none is ever written to again.
 *
 * @param step what training goes on behind, 0 for a new run
 * @throws RunError when the folder cannot be made or written to
 */
export async function openEventLog(folder: string, step: number): Promise<EventLog> {
  const { file, handle } = await newFile(folder);
  const write = async (at: number, content: EventContent) => {
    const record = frameRecord(encodeEvent(Date.now() / 1000, at, content));
    await naming(file, () => handle.appendFile(record));
  };
  const restart = (behind: number) => write(behind === 0 ? 0 : behind + 1, { isStart: true });
  await write(0, { fileVersion: VERSION });
  await restart(step);
  return {
    file,
    restart,
    scalars: (at, scalars) => write(at, { scalars }),
    image: (at, tag, image) => write(at, { images: new Map([[tag, image]]) }),
    close: () => handle.close(),
  };
}

/** Readers take a folder's files in the order of their names, which begin with the time. */
async function newFile(folder: string): Promise<{ file: string; handle: FileHandle }> {
  const seconds = String(Math.floor(Date.now() / 1000)).padStart(10, '0');
  try {
    await mkdir(folder, { recursive: true });
    for (let number = 0; ; number++) {
      const name = `events.out.tfevents.${seconds}.${hostname()}.${process.pid}.${number}`;
      const file = join(folder, name);
      const handle = await open(file, 'wx').catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      });
      if (handle) return { file, handle };
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RunError(`Cannot write TensorBoard's events to ${folder} (--tensorboard): ${reason}`);
  }
}
