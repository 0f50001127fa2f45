import { readdirSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { ManifestError, reasonOf } from '../errors.js';
import { statIfThere } from '../files/stat-if-there.js';
import { isImageName } from './is-image-name.js';
import { isOutputFolder } from './is-output-folder.js';
import type { ImageFile, Listing } from './list-images.js';

const splitNames = new Set(['train', 'test', 'val', 'valid', 'validation', 'dev']);

/**
 * Lists a folder tree, sorted by path, without what is hidden, as a glob does.
 *
 * @throws ManifestError when some of its first folders are splits and some are classes
 */
export function listTree(folder: string): Listing {
  const root = resolve(folder);
  const { paths, leftOut } = walk(root);
  paths.sort();
  const folders = new Set<string>();
  for (const path of paths) folders.add(folderOf(path));
  const classes = classesOf([...folders], folder);

  const prefix = root.endsWith(sep) ? root : root + sep;
  const files: ImageFile[] = [];
  for (const path of paths) {
    const file = prefix + (sep === '/' ? path : path.split('/').join(sep));
    const found = classes.byFolder.get(folderOf(path));
    if (found) files.push({ file, label: found.label, split: found.split });
    else leftOut.push({ file, reason: `the file lies in no ${classes.layout} folder` });
  }
  return { files, leftOut };
}

type LeftOut = { file: string; reason: string }[];

/** Paths of image files below a folder, relative to it, with `/`. */
function walk(root: string): { paths: string[]; leftOut: LeftOut } {
  const paths: string[] = [];
  const leftOut: LeftOut = [];
  const entriesOf = (folder: string) => {
    try {
      return readdirSync(folder, { withFileTypes: true });
    } catch (error) {
      if (folder === root) throw error;
      leftOut.push({ file: folder, reason: reasonOf(error) });
      return [];
    }
  };
  const visit = (folder: string, path: string) => {
    for (const entry of entriesOf(folder)) {
      const { name } = entry;
      if (name.startsWith('.')) continue;
      if (entry.isDirectory()) {
        const inner = join(folder, name);
        if (!isOutputFolder(inner)) visit(inner, `${path}${name}/`);
        else leftOut.push({ file: inner, reason: 'the folder is the output of an earlier run' });
      } else if (entry.isSymbolicLink() && statIfThere(join(folder, name))?.isDirectory()) {
        const reason = 'a symbolic link to a folder is not followed';
        leftOut.push({ file: join(folder, name), reason });
      } else if (isImageName(name)) {
        paths.push(path + name);
      }
    }
  };
  visit(root, '');
  return { paths, leftOut };
}

/** The folder of a path with `/`, empty for a file at the root. */
function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** Class and split of the files of each folder that lies in a class folder. */
function classesOf(folders: readonly string[], root: string) {
  const isSplit = hasSplits(folders, root);
  const byFolder = new Map<string, { label: string; split: string | null }>();
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
