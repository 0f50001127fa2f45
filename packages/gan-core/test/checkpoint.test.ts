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
