import { createReadStream } from 'node:fs';
import { link, mkdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeAtomic } from './write-file-atomic.js';

/**
 * Makes `target` the same file as `source`: a hard link where the file system allows one, else a copy.
 * A target that is there already is left as it is.
 *
 * @throws Error when a target is there already with other content
 */
export async function linkOrCopy(source: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  try {
    // A link to a symbolic link would lose its way.
    await link(await realpath(source), target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      await assertSameContent(source, target);
      return;
    }
    await writeAtomic(target, async (copy) => {
      for await (const chunk of createReadStream(source)) await copy.writeFile(chunk as Buffer);
    });
  }
}

async function assertSameContent(source: string, target: string): Promise<void> {
  const [wanted, present] = await Promise.all([stat(source), stat(target)]);
  if (wanted.ino === present.ino && wanted.dev === present.dev) return;
  const isSame =
    wanted.size === present.size && (await readFile(source)).equals(await readFile(target));
  if (isSame) return;
  throw new Error(
    `The file ${target} exists with other content than ${source}; nothing was overwritten.`,
  );
}
