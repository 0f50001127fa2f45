import type { Stats } from 'node:fs';

/** What tells one version of a file from another: size in bytes, time in ms, and inode; NaN without a file. */
export type FileStamp = readonly [size: number, mtimeMs: number, ino: number];

/** Numbers of a stamp. */
export const STAMP = 3;

export function stampOf(info: Stats | undefined): FileStamp {
  return info ? [info.size, info.mtimeMs, info.ino] : [NaN, NaN, NaN];
}
