import { loadavg } from 'node:os';
import { join } from 'node:path';
import { IMAGES_PER_CLASS } from './judge.mjs';

/** One network a class, or one for all with the label beside its inputs. */
export const peerArms = ['per-class', 'conditional'];

/**
 * Trains the peer once on all train images of a set, those included that ours holds out, and generates after each of
 * the seconds.
 *
 * @param seconds smallest first
 * @returns for each of the seconds the folder of images by class and the number of real images shown; and the load of
 *   the last five minutes
 */
export async function runPeer(session, { name, train, content }, arm, seconds) {
  const code = await session.scriptCode('peer.py', 'dcgan_tutorial.py', 'fashion_mnist.py');
  const key = [code, content, seconds, IMAGES_PER_CLASS];
  const imagesIn = (folder) => join(folder, 'images');
  const { folder, shown, load } = await session.once(`${name}-peer-${arm}`, key, async (out) => {
    session.say(`Training the peer on ${name}, ${arm}: ${seconds.join(', ')} s`);
    const options = [arm, train, IMAGES_PER_CLASS, imagesIn(out), ...seconds];
    return { ...(await session.script('peer.py', ...options)), load: loadavg()[1] };
  });
  const moments = seconds.map((each) => ({
    images: join(imagesIn(folder), String(each)),
    shown: shown[each],
  }));
  return { moments, load };
}
