import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp, { type Create } from 'sharp';
import { afterAll } from 'vitest';

/** A new folder that is removed when the test file is done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'evenset-dataset-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
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
