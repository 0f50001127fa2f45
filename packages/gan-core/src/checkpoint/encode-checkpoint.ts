import { checkpointMetadata, type Checkpoint } from './checkpoint.js';

/**
 * A checkpoint as a safetensors file: the length of a JSON header, the header, then float32 values.
 * The same checkpoint gives the same bytes.
 */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const { tensors, totalSteps, ...rest } = checkpoint;
  // Parsed, so that its keys are in the schema's order.
  const metadata = checkpointMetadata.parse({
    format: 'evenset.checkpoint',
    formatVersion: 3,
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
  const bytes = new Uint8Array(8 + json.length + offset);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  let at = 8 + json.length;
  for (const { values } of tensors.values()) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  return bytes;
}
