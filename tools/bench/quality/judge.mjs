import { join } from 'node:path';

/** Images that every arm generates: as many as there are test images of a class. */
export const IMAGES_PER_CLASS = 1000;

/** What is measured of a class: kid is best at the floor, the others near 1. */
export const measures = ['kid', 'density', 'coverage', 'accuracy', 'diversity'];

/**
 * Opens the judge of all arms: a classifier that no generator has seen, trained once.
 *
 * @returns functions that measure images, each giving the measures of every class
 */
export async function openJudge(session) {
  const training = ['extractor.py', 'fashion_mnist.py'];
  const extractor = await session.once(
    'extractor',
    [await session.scriptCode(...training)],
    (folder) => {
      session.say('Training the extractor on all of Fashion-MNIST, once');
      return session.script('extractor.py', join(folder, 'extractor.pt'));
    },
  );
  session.say(
    `The extractor is right on ${(100 * extractor.accuracy).toFixed(1)} % of the test images.`,
  );
  const file = join(extractor.folder, 'extractor.pt');
  const code = await session.scriptCode('measure.py', 'metrics.py', ...training);
  const measure = async (...source) => {
    const key = [code, ...source];
    const { classes } = await session.once('measures', key, () =>
      session.script('measure.py', file, ...source),
    );
    return classes;
  };
  return {
    /** Of a folder of images by class, also drawn as a sheet of this name. */
    async look(images, sheet) {
      await session.script('sheet.py', images, session.sheet(sheet));
      return measure(images);
    },
    /** Of real train images. */
    floor: (classes) => measure('--floor', ...classes),
  };
}

/** The mean of each measure over classes. */
export function meanOf(classes) {
  const all = Object.values(classes);
  return Object.fromEntries(
    measures.map((key) => [key, all.reduce((sum, one) => sum + one[key], 0) / all.length]),
  );
}

/** The largest KID of a class. */
export function worstKid(classes) {
  return Math.max(...Object.values(classes).map(({ kid }) => kid));
}
