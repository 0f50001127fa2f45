/** How a field's value is written. Source: Protocol Buffers, "Encoding". */
const wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** A field with a whole number, at least 0. */
export function integerField(number: number, value: number): Buffer {
  return Buffer.concat([key(number, wire.varint), varint(value)]);
}

export function doubleField(number: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([key(number, wire.fixed64), bytes]);
}

export function floatField(number: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([key(number, wire.fixed32), bytes]);
}

/** A field with text, bytes, or a message's fields behind each other. */
export function bytesField(number: number, value: string | Uint8Array): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  return Buffer.concat([key(number, wire.bytes), varint(bytes.length), bytes]);
}

function key(number: number, type: number): Buffer {
  return varint(number * 8 + type);
}

/** Seven bits a byte, the lowest first; all bytes but the last one have their highest bit set. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (; value > 0x7f; value = Math.floor(value / 0x80)) bytes.push((value % 0x80) + 0x80);
  return Buffer.from([...bytes, value]);
}
