import { mkdtemp, open, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeCheckpoint } from '../src/checkpoint/encode-checkpoint.js';
import { CheckpointError, readCheckpoint, writeCheckpoint, type Checkpoint } from '../src/index.js';
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

/** Reads a checkpoint that is given as the bytes of its file. */
async function readBytes(bytes: Uint8Array): Promise<Checkpoint> {
  const file = join(folder, 'model');
  await writeFile(file, bytes);
  return readCheckpoint(file);
}

const encoded = (one: Checkpoint) => Buffer.concat(encodeCheckpoint(one));

describe('a checkpoint file', () => {
  it('comes back as it was written, and leaves nothing beside it', async () => {
    const file = join(folder, 'sub', 'model.safetensors');
    await writeCheckpoint(file, checkpoint);
    await writeCheckpoint(file, checkpoint);
    expect(await readCheckpoint(file)).toEqual(checkpoint);
    expect(await readdir(join(folder, 'sub'))).toEqual(['model.safetensors']);
  });

  it('keeps an undecided number of steps', async () => {
    const undecided = { ...checkpoint, totalSteps: Infinity };
    expect((await readBytes(encoded(undecided))).totalSteps).toBe(Infinity);
  });

  it('is the same bytes for the same checkpoint, and safetensors by its own rules', () => {
    const bytes = encoded(checkpoint);
    expect(encoded(checkpoint)).toEqual(bytes);
    const length = Number(bytes.readBigUInt64LE(0));
    expect((8 + length) % 8).toBe(0);
    const header = JSON.parse(bytes.subarray(8, 8 + length).toString()) as Record<
      string,
      { data_offsets?: number[] }
    >;
    expect(header['generator/bias']?.data_offsets).toEqual([24, 28]);
    expect(bytes.length).toBe(8 + length + 28);
  });

  /** A file as the format's own description has it, made by hand: header length, JSON header, data. */
  function safetensors(header: string, data: Uint8Array): Buffer {
    const length = Buffer.alloc(8);
    length.writeUInt32LE(Buffer.byteLength(header));
    return Buffer.concat([length, Buffer.from(header), data]);
  }
  const metadata = {
    format: 'evenset.checkpoint',
    formatVersion: 4,
    config: tinyConfig,
    recipe: tinyRecipe,
    labels: ['a'],
    classShares: [1],
    seed: 7,
    step: 12,
    rollbacks: 0,
    totalSteps: 100,
  };

  it('is written as the description of safetensors has it, byte for byte', async () => {
    const { seed, step, totalSteps, config, recipe } = checkpoint;
    const tensors = new Map([
      ['x/b', { shape: [2], values: Float32Array.of(1, -2) }],
      ['x/a', { shape: [1, 1], values: Float32Array.of(0.5) }],
    ]);
    const file = join(folder, 'model');
    await writeCheckpoint(file, {
      ...{ seed, step, totalSteps, config, recipe },
      ...{ labels: ['a'], classShares: [1], rollbacks: 0, tensors },
    });
    const header = `{"__metadata__":{"evenset":${JSON.stringify(JSON.stringify(metadata))}},"x/b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"x/a":{"dtype":"F32","shape":[1,1],"data_offsets":[8,12]}}`;
    const padded = header.padEnd(Math.ceil(header.length / 8) * 8, ' ');
    // Little-endian floats 1, -2 and .5.
    const data = Buffer.from('0000803f000000c00000003f', 'hex');
    expect(await readFile(file)).toEqual(safetensors(padded, data));
  });

  it('is read from other writers: names in any order, header of any length', async () => {
    const json = JSON.stringify(JSON.stringify(metadata));
    const header = `{"x/b":{"shape":[2],"data_offsets":[4,12],"dtype":"F32"},"x/a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"__metadata__":{"evenset":${json}}} `;
    for (const blanks of ['', ' ', '   ']) {
      const data = Buffer.from('0000003f0000803f000000c0', 'hex');
      const { tensors, step } = await readBytes(safetensors(header + blanks, data));
      expect(step).toBe(12);
      expect(tensors.get('x/a')).toEqual({ shape: [], values: Float32Array.of(0.5) });
      expect(tensors.get('x/b')).toEqual({ shape: [2], values: Float32Array.of(1, -2) });
    }
  });

  it('is read tensor by tensor: also one of more bytes than fit an array', async () => {
    const json = JSON.stringify(JSON.stringify(metadata));
    const far = 2 ** 31 + 8;
    const header = `{"__metadata__":{"evenset":${json}},"x/a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"x/b":{"dtype":"F32","shape":[2],"data_offsets":[${far},${far + 8}]}}`;
    const start = safetensors(header, Buffer.from('0000003f', 'hex'));
    const file = join(folder, 'model');
    await writeFile(file, start);
    // What lies between takes no place on the disk.
    await truncate(file, start.length - 4 + far + 8);
    const handle = await open(file, 'r+');
    await handle.write(Buffer.from('0000803f000000c0', 'hex'), 0, 8, start.length - 4 + far);
    await handle.close();
    const { tensors } = await readCheckpoint(file);
    expect(tensors.get('x/a')?.values).toEqual(Float32Array.of(0.5));
    expect(tensors.get('x/b')?.values).toEqual(Float32Array.of(1, -2));
  });

  it('is refused when it is cut short, at whatever byte', async () => {
    const bytes = encoded(checkpoint);
    for (let length = 0; length < bytes.length; length += 13) {
      await expect(readBytes(bytes.subarray(0, length))).rejects.toThrow(CheckpointError);
    }
  });

  it('is refused when its header is longer than the file', async () => {
    const bytes = Buffer.alloc(64);
    bytes.writeBigUInt64LE(2n ** 62n);
    await expect(readBytes(bytes)).rejects.toThrow(/safetensors file/);
  });

  it('is refused when a tensor is described wrongly', async () => {
    const bytes = encoded(checkpoint);
    const at = bytes.indexOf('"F32"');
    bytes.write('"F16"', at);
    await expect(readBytes(bytes)).rejects.toThrow(/damaged at the tensor generator\/dense/);
  });

  it('is refused with both versions when it is of another one', async () => {
    const older = { format: 'evenset.checkpoint', formatVersion: 3, whatever: 'it had' };
    const json = JSON.stringify(JSON.stringify(older));
    const bytes = safetensors(`{"__metadata__":{"evenset":${json}}}`, new Uint8Array(0));
    await expect(readBytes(bytes)).rejects.toThrow(/of format version 4 in .*received .*version 3/);
  });

  it('is refused by name when it is missing or something else', async () => {
    await writeFile(join(folder, 'x'), 'not a checkpoint at all');
    await expect(readCheckpoint(join(folder, 'x'))).rejects.toThrow(/safetensors file in .*x;/);
    await expect(readCheckpoint(join(folder, 'y'))).rejects.toThrow(/Cannot read the checkpoint/);
  });
});
