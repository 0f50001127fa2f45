import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  CheckpointError,
  decodeCheckpoint,
  encodeCheckpoint,
  readCheckpoint,
  writeCheckpoint,
  type Checkpoint,
} from '../src/index.js';
import { tinyConfig, tinyRecipe } from './tiny-model.js';

const checkpoint: Checkpoint = {
  config: tinyConfig,
  recipe: tinyRecipe,
  labels: ['t-shirt 👕', 'a/b'],
  classShares: [0.25, 0.75],
  seed: 7,
  step: 12,
  rollbacks: 1,
  totalSteps: 100,
  tensors: new Map([
    ['generator/dense', { shape: [2, 3], values: Float32Array.of(1, -2, 3.5, 1e-30, 0, -0) }],
    ['generator/bias', { shape: [1], values: Float32Array.of(9) }],
  ]),
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evenset-checkpoint-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('a checkpoint file', () => {
  it('comes back as it was written, and leaves nothing beside it', async () => {
    const file = join(folder, 'sub', 'model.safetensors');
    await writeCheckpoint(file, checkpoint);
    await writeCheckpoint(file, checkpoint);
    expect(await readCheckpoint(file)).toEqual(checkpoint);
    expect(await readdir(join(folder, 'sub'))).toEqual(['model.safetensors']);
  });

  it('keeps an undecided number of steps', () => {
    const open = { ...checkpoint, totalSteps: Infinity };
    expect(decodeCheckpoint(encodeCheckpoint(open), 'x').totalSteps).toBe(Infinity);
  });

  it('is the same bytes for the same checkpoint, and safetensors by its own rules', () => {
    const bytes = encodeCheckpoint(checkpoint);
    expect(encodeCheckpoint(checkpoint)).toEqual(bytes);
    const length = Number(Buffer.from(bytes).readBigUInt64LE(0));
    expect((8 + length) % 8).toBe(0);
    const header = JSON.parse(Buffer.from(bytes.subarray(8, 8 + length)).toString()) as Record<
      string,
      { data_offsets?: number[] }
    >;
    expect(header['generator/bias']?.data_offsets).toEqual([24, 28]);
    expect(bytes.length).toBe(8 + length + 28);
  });

  /** A file as the format's own description has it, made by hand: header length, JSON header, data. */
  function safetensors(header: string, data: Uint8Array): Uint8Array {
    const length = Buffer.alloc(8);
    length.writeUInt32LE(Buffer.byteLength(header));
    return Buffer.concat([length, Buffer.from(header), data]);
  }
  const metadata = {
    format: 'evenset.checkpoint',
    formatVersion: 3,
    config: tinyConfig,
    recipe: tinyRecipe,
    labels: ['a'],
    classShares: [1],
    seed: 7,
    step: 12,
    rollbacks: 0,
    totalSteps: 100,
  };

  it('is written as the description of safetensors has it, byte for byte', () => {
    const { seed, step, totalSteps, config, recipe } = checkpoint;
    const tensors = new Map([
      ['x/b', { shape: [2], values: Float32Array.of(1, -2) }],
      ['x/a', { shape: [1, 1], values: Float32Array.of(0.5) }],
    ]);
    const bytes = encodeCheckpoint({
      ...{ seed, step, totalSteps, config, recipe },
      ...{ labels: ['a'], classShares: [1], rollbacks: 0, tensors },
    });
    const header = `{"__metadata__":{"evenset":${JSON.stringify(JSON.stringify(metadata))}},"x/b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"x/a":{"dtype":"F32","shape":[1,1],"data_offsets":[8,12]}}`;
    const padded = header.padEnd(Math.ceil(header.length / 8) * 8, ' ');
    // Little-endian floats 1, -2 and .5.
    const data = Buffer.from('0000803f000000c00000003f', 'hex');
    expect(Buffer.from(bytes)).toEqual(Buffer.from(safetensors(padded, data)));
  });

  it('is read from other writers: names in any order, header of any length', () => {
    const json = JSON.stringify(JSON.stringify(metadata));
    const header = `{"x/b":{"shape":[2],"data_offsets":[4,12],"dtype":"F32"},"x/a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"__metadata__":{"evenset":${json}}} `;
    for (const blanks of ['', ' ', '   ']) {
      const data = Buffer.from('0000003f0000803f000000c0', 'hex');
      const { tensors, step } = decodeCheckpoint(safetensors(header + blanks, data), 'x');
      expect(step).toBe(12);
      expect(tensors.get('x/a')).toEqual({ shape: [], values: Float32Array.of(0.5) });
      expect(tensors.get('x/b')).toEqual({ shape: [2], values: Float32Array.of(1, -2) });
    }
  });

  it('is refused when it is cut short, at whatever byte', () => {
    const bytes = encodeCheckpoint(checkpoint);
    for (let length = 0; length < bytes.length; length += 13) {
      expect(() => decodeCheckpoint(bytes.subarray(0, length), 'model')).toThrow(CheckpointError);
    }
  });

  it('is refused when a tensor is described wrongly', () => {
    const bytes = Buffer.from(encodeCheckpoint(checkpoint));
    const at = bytes.indexOf('"F32"');
    bytes.write('"F16"', at);
    expect(() => decodeCheckpoint(bytes, 'model')).toThrow(CheckpointError);
  });

  it('is refused by name when it is missing or something else', async () => {
    await writeFile(join(folder, 'x'), 'not a checkpoint at all');
    await expect(readCheckpoint(join(folder, 'x'))).rejects.toThrow(/safetensors file in .*x;/);
    await expect(readCheckpoint(join(folder, 'y'))).rejects.toThrow(/Cannot read the checkpoint/);
  });
});
