import { opendirSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { ManifestError, reasonOf } from '../errors.js';
import { statIfThere } from '../files/stat-if-there.js';
import { openFoundFiles, type FoundFiles } from './found-files.js';
import { isImageName } from './is-image-name.js';
import { isOutputFolder } from './is-output-folder.js';
import type { ImageFile, LeftOut, Listing } from './list-images.js';

const splitNames = new Set(['train', 'test', 'val', 'valid', 'validation', 'dev']);

/**
 * Lists a folder tree, sorted by path, without what is hidden, as a glob does.
 *
 * @throws ManifestError when some of its first folders are splits and some are classes
 */
export function listTree(folder: string): Listing {
  const root = resolve(folder);
  const { found, leftOut } = walk(root);
  const { byFolder, layout } = classesOf([...found.folders], folder);
  const reason = `the file lies in no ${layout} folder`;
  const isStray = (path: string) => (byFolder.has(path) ? undefined : { reason });
  const strays = [...filesIn(root, found, isStray)];
  const classes = [...byFolder.values()];
  return {
    count: found.count - strays.length,
    labels: [...new Set(classes.map(({ label }) => label))],
    splits: [...new Set(classes.flatMap(({ split }) => split ?? []))],
    listed: [],
    files: filesIn(root, found, (path) => byFolder.get(path)),
    leftOut: [...leftOut, ...strays],
  };
}

/** The files of some folders, with what is said of the folder. */
function* filesIn<T>(
  root: string,
  found: FoundFiles,
  of: (folder: string) => T | undefined,
): Generator<{ readonly file: string } & T> {
  for (const { folder, names } of found.runs()) {
    const said = of(folder);
    if (said === undefined) continue;
    const prefix = join(root, folder, sep);
    for (const name of names) yield { file: prefix + name, ...said };
  }
}

/** Image files below a folder, in folders relative to it, with `/`. */
function walk(root: string): { found: FoundFiles; leftOut: readonly LeftOut[] } {
  const found = openFoundFiles();
  const leftOut: LeftOut[] = [];
  const entriesOf = (folder: string) => {
    try {
      return sortedEntries(folder, leftOut);
    } catch (error) {
      if (folder === root) throw error;
      leftOut.push({ file: folder, reason: reasonOf(error) });
      return [];
    }
  };
  const visit = (folder: string, path: string) => {
    for (const entry of entriesOf(folder)) {
      if (!entry.endsWith('/')) {
        found.add(path, entry);
        continue;
      }
      const name = entry.slice(0, -1);
      const inner = join(folder, name);
      if (!isOutputFolder(inner)) visit(inner, path === '' ? name : `${path}/${name}`);
      else leftOut.push({ file: inner, reason: 'the folder is the output of an earlier run' });
    }
  };
  visit(root, '');
  return { found, leftOut };
}

/** Names of a folder's images, and of its folders with `/` at the end, so that they sort as whole paths do. */
function sortedEntries(folder: string, leftOut: LeftOut[]): string[] {
  const entries: string[] = [];
  // One by one: the objects that describe all of them take more memory than their names.
  const directory = opendirSync(folder);
  try {
    for (let entry = directory.readSync(); entry; entry = directory.readSync()) {
      const { name } = entry;
      if (name.startsWith('.')) continue;
      if (entry.isDirectory()) {
        entries.push(`${name}/`);
      } else if (entry.isSymbolicLink() && statIfThere(join(folder, name))?.isDirectory()) {
        const reason = 'a symbolic link to a folder is not followed';
        leftOut.push({ file: join(folder, name), reason });
      } else if (isImageName(name)) {
        entries.push(name);
      }
    }
  } finally {
    directory.closeSync();
  }
  return entries.sort();
}

/** Class and split of the files of each folder that lies in a class folder. */
function classesOf(folders: readonly string[], root: string) {
  const isSplit = hasSplits(folders, root);
  const byFolder = new Map<string, Pick<ImageFile, 'label' | 'split'>>();
  for (const folder of folders) {
    const [split, label] = isSplit ? folder.split('/') : [null, ...folder.split('/')];
    if (label) byFolder.set(folder, { label, split: split ?? null });
  }
  return { byFolder, layout: isSplit ? '<split>/<class>/' : '<class>/' };
}

/** Whether a tree's first folders are splits: they have the names of splits, and files only in folders in them. */
function hasSplits(folders: readonly string[], root: string): boolean {
  const withFiles = new Set(folders);
  const tops = [...new Set(folders.map((folder) => folder.split('/')[0] ?? ''))].filter(Boolean);
  const isSplit = (top: string) => splitNames.has(top.toLowerCase()) && !withFiles.has(top);
  const [split, other] = [tops.find(isSplit), tops.find((top) => !isSplit(top))];
  if (split === undefined || other === undefined) return split !== undefined;
  throw new ManifestError(
    `Expected ${root}/<class>/ or ${root}/<split>/<class>/ but ${split}/ looks like a split and ${other}/ like a class; scan a glob or a listing instead.`,
  );
}
