import { constants, copyFile, link, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes `target` the same file as `source`: a hard link where the file system allows one, else a copy.
 * A target that is there already is left as it is.
 */
export async function linkOrCopy(source: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  try {
    await link(source, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      await assertSameContent(source, target);
      return;
    }
    await copyFile(source, target, constants.COPYFILE_EXCL);
  }
}

async function assertSameContent(source: string, target: string): Promise<void> {
  const [wanted, present] = await Promise.all([stat(source), stat(target)]);
  if (wanted.ino === present.ino || wanted.size === present.size) return;
  throw new Error(
    `The file ${target} exists with other content than ${source}; nothing was overwritten.`,
  );
}
