import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../lib/run-command.mjs';
import { contentOf } from './once.mjs';

/** The sets that are trained on: easy, alike, and all classes with a long tail. */
export const setNames = ['fashion5', 'fashion_hard5', 'longtail10'];

/**
 * A set with uneven classes.
 *
 * @returns its name, its manifest and content, the folder of its train images by class, and its classes' names
 */
export async function openSet(session, name) {
  const folder = name === 'fashion5' ? join(root, 'examples', name) : await write(session, name);
  const manifest = join(folder, 'labels.arrow');
  const train = join(folder, 'train');
  const classes = (await readdir(train)).sort();
  return { name, manifest, content: await contentOf([manifest]), train, classes };
}

async function write(session, name) {
  const code = await session.scriptCode('write_set.py', 'fashion_mnist.py');
  const { folder } = await session.once(name, [code], async (folder) => {
    await session.script('write_set.py', name, folder);
    await session.augment('scan', folder, '--out', join(folder, 'labels.arrow'), '--quiet');
  });
  return folder;
}
