import { describe, expect, it } from 'vitest';
import { UsageError } from '../src/errors.js';
import { assertSameRun } from '../src/run/assert-same-run.js';
import type { RunRecord } from '../src/run/run-record.js';

const record: RunRecord = {
  format: 'evenset.run',
  formatVersion: 1,
  command: 'augment',
  status: 'running',
  startedAt: '2026-01-01T00:00:00.000Z',
  finishedAt: null,
  options: { engine: 'auto', seed: 0, minScore: 0.05 },
  inputs: {
    manifest: 'labels.arrow',
    manifestSha256: 'a',
    imagesSha256: 'b',
    images: 40,
    quarantined: 0,
    initSha256: null,
    extractor: 'randconv-v1',
  },
  engine: { name: 'onnx', device: 'CPU, 2 threads', threads: 2 },
  versions: { evenset: '0.1.0' },
  model: { classes: ['bag'], size: 16, channels: 1, outputSize: 16 },
  training: null,
  generator: null,
  classes: [],
  warnings: [],
};
/** Goes on with the run, as the command line and the machine now have it. */
const goOn = (now: Partial<RunRecord>) => {
  assertSameRun('out', record, { ...record, ...now });
};
const options = (now: object) => ({ options: { ...record.options, ...now } });

describe('assertSameRun', () => {
  it('lets --engine and --threads name what really ran', () => {
    goOn({});
    goOn(options({ engine: 'onnx', threads: 2 }));
  });

  it.each([
    [
      { name: 'cpu', device: 'CPU', threads: null },
      { engine: 'cpu' },
      /engine onnx but cpu .*use --engine onnx or/,
    ],
    [{ ...record.engine, threads: 4 }, {}, /thread count of 2 but 4 .*use --threads 2 or/],
    [
      { ...record.engine, threads: 1 },
      { threads: 1 },
      /thread count of 2 but 1 .*use --threads 2 or/,
    ],
  ] as const)('refuses %j and says what goes on', (engine, named, message) => {
    expect(() => {
      goOn({ engine, ...options(named) });
    }).toThrow(UsageError);
    expect(() => {
      goOn({ engine, ...options(named) });
    }).toThrow(message);
  });

  it('names another option that differs, and both values', () => {
    expect(() => {
      goOn(options({ minScore: 0.1 }));
    }).toThrow(/--min-score 0\.05 but received 0\.1/);
  });
});
