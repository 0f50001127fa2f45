import { basename, dirname, resolve, sep } from 'node:path';
import { openFoundFiles, type FoundFiles } from './found-files.js';
import { isImageName } from './is-image-name.js';
import { isOutputFolder } from './is-output-folder.js';
import type { ImageFile, Listing } from './list-images.js';

/** Lists the files of a glob, sorted by path; they take the name of the folder that they lie in. */
export async function listGlob(pattern: string): Promise<Listing> {
  const found = openFoundFiles();
  for (const file of await matchesOf(pattern.split(sep).join('/'))) {
    found.add(dirname(file), basename(file));
  }
  const labels = [...new Set(Array.from(found.folders, (folder) => basename(folder)))];
  return { count: found.count, labels, splits: [], listed: [], files: filesOf(found), leftOut: [] };
}

/** Absolute paths of image files, each once. */
async function matchesOf(glob: string): Promise<string[]> {
  const { default: fastGlob } = await import('fast-glob');
  const [task] = fastGlob.generateTasks(glob);
  const isInOutput = openOutputCheck(resolve(task?.base ?? '.'));
  const files: string[] = [];
  // As a stream, and with what matches twice, a glob takes half of the memory.
  const matches = fastGlob.stream(glob, { caseSensitiveMatch: false, unique: false });
  for await (const match of matches) {
    const file = resolve(match.toString());
    if (isImageName(file) && !isInOutput(file)) files.push(file);
  }
  return files.sort().filter((file, at) => file !== files[at - 1]);
}

function* filesOf(found: FoundFiles): Generator<ImageFile> {
  for (const { folder, names } of found.runs()) {
    const prefix = folder.endsWith(sep) ? folder : folder + sep;
    const label = basename(folder);
    for (const name of names) yield { file: prefix + name, label, split: null };
  }
}

/** Tells files that lie below `root` in the output folder of an earlier run. */
function openOutputCheck(root: string): (file: string) => boolean {
  const known = new Map<string, boolean>();
  const isOutput = (folder: string): boolean => {
    const answer = known.get(folder) ?? isOutputFolder(folder);
    known.set(folder, answer);
    return answer;
  };
  const isInOutput = (file: string): boolean => {
    const folder = dirname(file);
    return folder.length > root.length && (isOutput(folder) || isInOutput(folder));
  };
  return isInOutput;
}
