/** A message's fields as numbers, or bytes, by their numbers. */
type Message = Map<number, (number | Buffer)[]>;

/** One event as TensorBoard would read it. */
export interface ReadEvent {
  readonly wallTime: number;
  readonly step: number;
  readonly version: string | undefined;
  readonly isStart: boolean;
  readonly scalars: Readonly<Record<string, number>>;
  readonly images: Readonly<Record<string, { size: number[]; png: Buffer }>>;
}

/** CRC-32C bit by bit, straight from its definition. */
export function slowCrc32c(bytes: Uint8Array): number {
  let crc = 0xffffffffn;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ 0x82f63b78n : crc >> 1n;
  }
  return Number(crc ^ 0xffffffffn);
}

/** Reads an event file by the published formats alone; a record that is cut short ends it. */
export function readEvents(file: Buffer): ReadEvent[] {
  const events: ReadEvent[] = [];
  for (let at = 0; at + 16 <= file.length;) {
    const length = Number(file.readBigUInt64LE(at));
    if (at + 16 + length > file.length) break;
    const data = file.subarray(at + 12, at + 12 + length);
    assertCrc(file.subarray(at, at + 8), file.readUInt32LE(at + 8));
    assertCrc(data, file.readUInt32LE(at + 12 + length));
    events.push(eventOf(data));
    at += 16 + length;
  }
  return events;
}

/** What TensorBoard shows of files in their order: of each scalar the values that no later start took back. */
export function shownScalars(events: readonly ReadEvent[]): Map<string, Map<number, number>[]> {
  let kept: [tag: string, step: number, value: number][] = [];
  for (const { step, isStart, scalars } of events) {
    if (isStart) kept = kept.filter(([, other]) => other < step);
    for (const [tag, value] of Object.entries(scalars)) kept.push([tag, step, value]);
  }
  const shown = new Map<string, Map<number, number>[]>();
  for (const [tag, step, value] of kept) {
    shown.set(tag, [...(shown.get(tag) ?? []), new Map([[step, value]])]);
  }
  return shown;
}

function assertCrc(bytes: Uint8Array, masked: number): void {
  const rotated = (masked - 0xa282ead8 + 2 ** 32) % 2 ** 32;
  const crc = ((rotated >>> 17) | (rotated << 15)) >>> 0;
  if (crc !== slowCrc32c(bytes)) throw new Error(`The CRC ${crc} is not that of its bytes.`);
}

function eventOf(data: Buffer): ReadEvent {
  const event = messageOf(data);
  const summary = bytesIn(event, 5);
  const scalars: Record<string, number> = {};
  const images: Record<string, { size: number[]; png: Buffer }> = {};
  for (const value of summary ? (messageOf(summary).get(1) ?? []) : []) {
    const fields = messageOf(value as Buffer);
    const tag = String(bytesIn(fields, 1));
    const [scalar] = fields.get(2) ?? [];
    if (typeof scalar === 'number') scalars[tag] = scalar;
    const image = bytesIn(fields, 4);
    if (!image) continue;
    const picture = messageOf(image);
    const size = [1, 2, 3].map((number) => Number(picture.get(number)?.[0]));
    images[tag] = { size, png: bytesIn(picture, 4) ?? Buffer.of() };
  }
  const session = bytesIn(event, 7);
  return {
    wallTime: Number(event.get(1)?.[0]),
    step: Number(event.get(2)?.[0]),
    version: bytesIn(event, 3)?.toString(),
    isStart: session !== undefined && messageOf(session).get(1)?.[0] === 1,
    scalars,
    images,
  };
}

function bytesIn(message: Message, number: number): Buffer | undefined {
  const [value] = message.get(number) ?? [];
  return Buffer.isBuffer(value) ? value : undefined;
}

function messageOf(data: Buffer): Message {
  const message: Message = new Map();
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = data.readUInt8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(value);
    }
  };
  const valueOf = (wire: number): number | Buffer => {
    if (wire === 0) return varint();
    const length = wire === 1 ? 8 : wire === 5 ? 4 : varint();
    const bytes = data.subarray(at, (at += length));
    return wire === 1 ? bytes.readDoubleLE() : wire === 5 ? bytes.readFloatLE() : bytes;
  };
  while (at < data.length) {
    const key = varint();
    message.set(key >> 3, [...(message.get(key >> 3) ?? []), valueOf(key & 7)]);
  }
  return message;
}
