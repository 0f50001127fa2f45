import { statSync, type Stats } from 'node:fs';

/** What a file is; undefined for whatever cannot be looked at: none, a link in a circle, an impossible name. */
export function statIfThere(file: string): Stats | undefined {
  try {
    return statSync(file);
  } catch {
    return undefined;
  }
}
