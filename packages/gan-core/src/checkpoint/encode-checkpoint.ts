import { CHECKPOINT_VERSION, checkpointMetadata, type Checkpoint } from './checkpoint.js';

/**
 * A checkpoint as the parts of a safetensors file, one behind the other: the length of a JSON header and the header,
 * then each tensor's float32 values, which are not copied. The same checkpoint gives the same bytes.
 */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array[] {
  const { tensors, totalSteps, ...rest } = checkpoint;
  // Parsed, so that its keys are in the schema's order.
  const metadata = checkpointMetadata.parse({
    format: 'evenset.checkpoint',
    formatVersion: CHECKPOINT_VERSION,
    ...rest,
    totalSteps: Number.isFinite(totalSteps) ? totalSteps : null,
  });
  const header: Record<string, unknown> = { __metadata__: { evenset: JSON.stringify(metadata) } };
  let offset = 0;
  for (const [name, { shape, values }] of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + values.byteLength] };
    offset += values.byteLength;
  }
  const text = JSON.stringify(header);
  // Values begin at a multiple of 8 bytes; safetensors pads its header with blanks.
  const json = Buffer.from(text.padEnd(text.length + ((8 - (Buffer.byteLength(text) % 8)) % 8)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return [length, json, ...[...tensors.values()].map(({ values }) => bytesOf(values))];
}

/** The bytes of an array, which it shares. */
export function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
