import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Create } from 'sharp';
import { afterAll } from 'vitest';

const folders: string[] = [];
// Here, because a test that runs cannot ask for it.
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A new folder that is removed when the test file is done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'evenset-dataset-'));
  folders.push(folder);
  return folder;
}

/** An image of one colour as a PNG file's bytes. */
export function png(red: number, options: Partial<Create> = {}): Promise<Buffer> {
  return sharp({
    create: { width: 8, height: 8, channels: 3, background: { r: red, g: 10, b: 200 }, ...options },
  })
    .png()
    .toBuffer();
}

/** The same in grey. */
export function greyPng(level: number): Promise<Buffer> {
  return sharp(Buffer.alloc(64, level), { raw: { width: 8, height: 8, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer();
}

/** Writes files below a folder. */
export async function writeFiles(
  folder: string,
  files: Record<string, Uint8Array | string>,
): Promise<void> {
  for (const [path, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
}

/** A grey PNG file with a grey profile whose values are light itself (gamma 1), in a chunk behind the header. */
export async function linearGreyPng(level: number): Promise<Buffer> {
  const file = await greyPng(level);
  const content = Buffer.concat([Buffer.from('linear\0\0'), deflateSync(linearGreyProfile())]);
  const chunk = Buffer.alloc(12 + content.length);
  chunk.writeUInt32BE(content.length, 0);
  chunk.write('iCCP', 4, 'latin1');
  content.copy(chunk, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, -4)), chunk.length - 4);
  return Buffer.concat([file.subarray(0, 33), chunk, file.subarray(33)]);
}

/** Source: ICC.1:2001-04, sections 6.1 (header) and 6.5 (tag types). */
function linearGreyProfile(): Buffer {
  const d50 = [0xf6d6, 0x10000, 0xd32d];
  const text = (type: string, value: string) =>
    Buffer.from(`${type}\0\0\0\0${value}\0`.padEnd(120, '\0'), 'latin1');
  const numbers = (type: string, ...values: number[]) => {
    const bytes = Buffer.alloc(8 + 4 * values.length);
    bytes.write(type, 'latin1');
    values.forEach((value, i) => bytes.writeUInt32BE(value, 8 + 4 * i));
    return bytes;
  };
  const tags = {
    desc: text('desc', '\0\0\0\x07linear'),
    cprt: text('text', 'none'),
    wtpt: numbers('XYZ ', ...d50),
    // One number of 8.8 bits, at the front of 32.
    kTRC: numbers('curv', 1, 0x01000000),
  };
  const header = Buffer.alloc(132);
  header.writeUInt32BE(0x02100000, 8);
  header.write('mntrGRAYXYZ ', 12, 'latin1');
  header.write('acsp', 36, 'latin1');
  d50.forEach((value, i) => header.writeUInt32BE(value, 68 + 4 * i));
  header.writeUInt32BE(Object.keys(tags).length, 128);
  const table: Buffer[] = [];
  let at = header.length + 12 * Object.keys(tags).length;
  for (const [name, { length }] of Object.entries(tags)) {
    const entry = Buffer.alloc(12);
    entry.write(name, 'latin1');
    entry.writeUInt32BE(at, 4);
    entry.writeUInt32BE(length, 8);
    table.push(entry);
    at += length;
  }
  header.writeUInt32BE(at, 0);
  return Buffer.concat([header, ...table, ...Object.values(tags)]);
}
