import { loadavg } from 'node:os';
import { join } from 'node:path';
import { IMAGES_PER_CLASS } from './judge.mjs';

/** One network a class, or one for all with the label beside its inputs. */
export const peerArms = ['per-class', 'conditional'];

/**
 * Trains the peer on all train images of a set, those included that ours holds out, and generates.
 *
 * @returns the folder of images by class, the number of real images shown, and the load of the last five minutes
 */
export async function runPeer(session, { name, train, content }, arm, seconds) {
  const code = await session.scriptCode('peer.py', 'dcgan_tutorial.py', 'fashion_mnist.py');
  const key = [code, content, seconds, IMAGES_PER_CLASS];
  const imagesIn = (folder) => join(folder, 'images');
  const trained = await session.once(`${name}-peer-${arm}`, key, async (folder) => {
    session.say(`Training the peer on ${name}, ${arm}: ${seconds} s`);
    const options = [arm, train, seconds, IMAGES_PER_CLASS, imagesIn(folder)];
    return { ...(await session.script('peer.py', ...options)), load: loadavg()[1] };
  });
  return { ...trained, images: imagesIn(trained.folder) };
}
