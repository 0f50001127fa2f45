import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { IMAGES_PER_CLASS } from './judge.mjs';

/** As much of the machine as the peer gets; the rest are the defaults. */
const MACHINE = ['--engine', 'onnx', '--threads', '2'];

/**
 * Trains our model with `augment train`.
 *
 * @param flags further options of the command
 * @returns the run's folder, the seconds that the whole command took, what run.json says of the training, the
 *   load of the last five minutes, and whether training gave up, with its best checkpoint kept
 */
export function trainOwn(session, { name, manifest, content }, budget, flags = []) {
  const options = ['--budget', budget, ...MACHINE, ...flags];
  return session.once(`${name}-own`, [session.ownCode, content, options], async (folder) => {
    session.say(`Training ours on ${name}: ${options.join(' ')}`);
    const start = performance.now();
    const command = session.augment(
      ...['train', '--manifest', manifest, '--out', join(folder, 'run'), '--quiet'],
      ...['--cache-dir', join(folder, 'pixels'), ...options],
    );
    const gaveUp = await command.then(
      () => false,
      (error) => {
        if (!/^error: Training failed/m.test(error.stderr) || !existsSync(modelOf(folder)))
          throw error;
        return true;
      },
    );
    const seconds = (performance.now() - start) / 1000;
    const { training } = JSON.parse(await readFile(join(folder, 'run', 'run.json'), 'utf8'));
    return { seconds, training, load: loadavg()[1], gaveUp };
  });
}

/**
 * Generates images with `augment sample`.
 *
 * @param checkpoint 'model', the one that the run keeps, or 'last'
 * @returns the folder of images by class
 */
export async function sampleOwn(session, { folder }, checkpoint = 'model') {
  const key = [folder, checkpoint, IMAGES_PER_CLASS];
  const sampled = await session.once('own-images', key, async (out) => {
    const file = modelOf(folder, checkpoint);
    await session.augment(
      ...['sample', '--checkpoint', file, '--count', IMAGES_PER_CLASS],
      ...['--out', join(out, 'images'), '--quiet', ...MACHINE],
    );
  });
  return join(sampled.folder, 'images');
}

function modelOf(folder, checkpoint = 'model') {
  return join(folder, 'run', 'checkpoints', `${checkpoint}.safetensors`);
}
