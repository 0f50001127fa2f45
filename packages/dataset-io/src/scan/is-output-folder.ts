import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Whether a folder is the output of an earlier run, whose own manifest lists its images. */
export function isOutputFolder(folder: string): boolean {
  const record = join(folder, 'run.json');
  return existsSync(record) && readFileSync(record, 'utf8').includes('"evenset.run"');
}
