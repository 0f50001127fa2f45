import { z } from 'zod';
import {
  CheckpointError,
  checkpointMetadata,
  type Checkpoint,
  type NamedTensor,
} from './checkpoint.js';

const tensorHeader = z.object({
  dtype: z.literal('F32'),
  shape: z.array(z.int().min(0)),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});

/**
 * Reads a checkpoint from the bytes of its file.
 *
 * @param name what to call the file in errors
 * @throws CheckpointError when the bytes are no safetensors file, damaged, or not a checkpoint of evenset
 */
export function decodeCheckpoint(bytes: Uint8Array, name: string): Checkpoint {
  const { header, start } = decodeHeader(bytes, name);
  const { __metadata__: metadata, ...entries } = header;
  const parsed = checkpointMetadata.safeParse(parseJson(metadataText(metadata)));
  if (!parsed.success) {
    throw new CheckpointError(
      `Expected an evenset checkpoint in ${name}, but its metadata is not one.`,
    );
  }
  const tensors = new Map<string, NamedTensor>();
  for (const [tensor, entry] of Object.entries(entries)) {
    const described = tensorHeader.safeParse(entry);
    const { shape, data_offsets: [from, to] = [0, 0] } = described.data ?? { shape: [] };
    const length = shape.reduce((product, side) => product * side, 1);
    if (!described.success || to - from !== 4 * length || start + to > bytes.length) {
      throw new CheckpointError(`${name} is cut short or damaged at the tensor ${tensor}.`);
    }
    const values = new Float32Array(length);
    new Uint8Array(values.buffer).set(bytes.subarray(start + from, start + to));
    tensors.set(tensor, { shape, values });
  }
  const { config, recipe, labels, classShares, seed, step, rollbacks, totalSteps } = parsed.data;
  return {
    config,
    recipe,
    labels,
    classShares,
    seed,
    step,
    rollbacks,
    totalSteps: totalSteps ?? Infinity,
    tensors,
  };
}

function decodeHeader(bytes: Uint8Array, name: string) {
  const length =
    bytes.length < 8
      ? 0
      : Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  const text = Buffer.from(bytes.subarray(8, 8 + length)).toString('utf8');
  const header = length > 0 && 8 + length <= bytes.length ? parseJson(text) : undefined;
  if (typeof header !== 'object' || header === null) {
    throw new CheckpointError(
      `Expected a safetensors file in ${name}; it is cut short or of another kind.`,
    );
  }
  return { header: header as Record<string, unknown>, start: 8 + length };
}

function metadataText(metadata: unknown): string {
  const text = (metadata as { evenset?: unknown } | undefined)?.evenset;
  return typeof text === 'string' ? text : '';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
