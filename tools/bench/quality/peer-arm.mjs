import { join } from 'node:path';
import { IMAGES_PER_CLASS } from './judge.mjs';

/** One network a class, or one for all with the label beside its inputs. */
export const peerArms = ['per-class', 'conditional'];

/**
 * Trains the peer on all train images of a set, those included that ours holds out, and generates.
 *
 * @returns the folder of images by class, and the number of real images shown
 */
export async function runPeer(session, { name, train, content }, arm, seconds) {
  const code = await session.scriptCode('peer.py', 'dcgan_tutorial.py', 'fashion_mnist.py');
  const key = [code, content, seconds, IMAGES_PER_CLASS];
  const { folder, images } = await session.once(`${name}-peer-${arm}`, key, (folder) => {
    session.say(`Training the peer on ${name}, ${arm}: ${seconds} s`);
    return session.script('peer.py', arm, train, seconds, IMAGES_PER_CLASS, join(folder, 'images'));
  });
  return { images: join(folder, 'images'), shown: images };
}
