import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { crc32c } from '../src/tensorboard/crc32c.js';
import { encodeEvent } from '../src/tensorboard/encode-event.js';
import { frameRecord } from '../src/tensorboard/frame-record.js';
import { openEventLog } from '../src/tensorboard/open-event-log.js';
import { scalarsOf } from '../src/tensorboard/stats-scalars.js';
import { readEvents, shownScalars, slowCrc32c } from './read-events.js';

const folder = mkdtempSync(join(tmpdir(), 'evenset-events-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('crc32c', () => {
  it.each([
    ['123456789', 0xe3069283],
    ['', 0],
    // RFC 3720, appendix B.4.
    [Buffer.alloc(32), 0x8a9136aa],
    [Buffer.alloc(32, 0xff), 0x62a8ab43],
    [Buffer.from(Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e],
  ])('has the published check value of %o', (bytes, value) => {
    expect(crc32c(Buffer.from(bytes))).toBe(value);
  });

  it('is what the definition says', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(crc32c(bytes)).toBe(slowCrc32c(bytes));
      }),
    );
  });
});

describe('an event file', () => {
  it('holds the bytes that TensorFlow writes', () => {
    // The first record of any event file: Event(wall_time=1, file_version="brain.Event:2").
    const record = frameRecord(encodeEvent(1, 0, { fileVersion: 'brain.Event:2' }));
    expect(record.subarray(0, 8).toString('hex')).toBe('1a00000000000000');
    expect(record.subarray(12, -4).toString('hex')).toBe(
      `09000000000000f03f10001a0d${Buffer.from('brain.Event:2').toString('hex')}`,
    );
    expect(readEvents(record)).toMatchObject([{ wallTime: 1, step: 0, version: 'brain.Event:2' }]);
  });

  it('gives back every step, name and value', () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((text) => text !== '__proto__');
    const scalars = fc.dictionary(name, fc.float({ noNaN: true }), { noNullPrototype: true });
    fc.assert(
      fc.property(fc.nat(2 ** 50), scalars, (step, values) => {
        const record = frameRecord(
          encodeEvent(1234.5, step, { scalars: new Map(Object.entries(values)) }),
        );
        expect(readEvents(record)).toEqual([
          {
            ...{ wallTime: 1234.5, step, version: undefined, isStart: false },
            ...{ scalars: values, images: {} },
          },
        ]);
      }),
    );
  });

  it('is a new one for each process, and what is taken back is not shown', async () => {
    const other = join(folder, 'run', 'notes.txt');
    const first = await openEventLog(join(folder, 'run'), 0);
    await writeFile(other, 'mine');
    for (const step of [10, 20, 30]) await first.scalars(step, new Map([['lossD', step / 2]]));
    await first.image(20, 'samples', { png: Buffer.from('png'), width: 8, height: 4, channels: 3 });
    await first.close();
    // A crash: the checkpoint was of step 20.
    const whole = await readFile(first.file);
    await writeFile(first.file, whole.subarray(0, -3));
    const second = await openEventLog(join(folder, 'run'), 20);
    for (const step of [30, 40]) await second.scalars(step, new Map([['lossD', step]]));
    // A rollback to step 30.
    await second.restart(30);
    await second.scalars(40, new Map([['lossD', 1]]));
    await second.close();

    const names = (await readdir(join(folder, 'run'))).toSorted();
    const seconds = /^events\.out\.tfevents\.\d{10}\./;
    expect(names.filter((name) => seconds.test(name))).toHaveLength(2);
    expect(names[0]).toContain(`.${hostname()}.${process.pid}.`);
    expect(await readFile(other, 'utf8')).toBe('mine');
    expect(await readFile(first.file)).toEqual(whole.subarray(0, -3));
    const events = [...readEvents(whole), ...readEvents(await readFile(second.file))];
    expect(events[0]).toMatchObject({ step: 0, version: 'brain.Event:2' });
    expect(shownScalars(events).get('lossD')).toEqual(
      [
        [10, 5],
        [20, 10],
        [30, 30],
        [40, 1],
      ].map(([step = 0, value = 0]) => new Map([[step, value]])),
    );
    const [image] = events.flatMap(({ images }) => images.samples ?? []);
    expect(image).toEqual({ size: [4, 8, 3], png: Buffer.from('png') });
  });

  it('is named where a record cannot be written', async () => {
    const log = await openEventLog(join(folder, 'closed'), 0);
    await log.close();
    await expect(log.scalars(1, new Map([['lossD', 1]]))).rejects.toThrow(
      `Cannot write ${log.file}: `,
    );
  });

  it('is refused where it cannot be written', async () => {
    await writeFile(join(folder, 'taken'), '');
    await expect(openEventLog(join(folder, 'taken'), 0)).rejects.toThrow(
      /Cannot write TensorBoard's events to .*taken \(--tensorboard\)/,
    );
  });
});

it('takes the numbers of a log entry', () => {
  const entry = {
    ...{
      step: 5,
      rollbacks: 1,
      elapsedSeconds: 2.5,
      lossD: 0.7,
      fault: 'lossG is NaN',
      goodStep: 3,
    },
    ...{ kernelDistance: undefined, diversity: { bag: 0.5, '<b>': 1 } },
  };
  expect([...scalarsOf(entry)]).toEqual([
    ['elapsedSeconds', 2.5],
    ['lossD', 0.7],
    ['diversity/bag', 0.5],
    ['diversity/<b>', 1],
  ]);
});
