import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { restoreGroup } from '../checkpoint/model-snapshot.js';
import { onlyGroups } from '../checkpoint/only-groups.js';
import type { Engine } from '../engines/engine.js';
import { copyOf, copyPrefix } from '../models/model-copies.js';
import { copyConfig, modelOf } from '../models/model-kinds.js';
import { createParameters } from '../networks/parameters.js';
import { oneHot, toSymmetricFloats } from '../training/batch-inputs.js';

/** Groups of a checkpoint that images are judged by. */
const groups = ['discriminator', 'buffers'];

/** Images judged at a time. */
const BLOCK = 64;

/** A checkpoint's discriminator, without augmentation. */
export interface Judge {
  /** Changes to another checkpoint of the same networks. */
  load(checkpoint: Checkpoint): Promise<void>;
  /**
   * Logits of images: high for those that look real. None depends on the others. One call at a time.
   *
   * @param pixels uint8 [n, size, size, channels]
   * @param labels the class that each is judged as, [n]
   */
  logits(pixels: Uint8Array, labels: Int32Array): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** Opens a judge; undefined where the model has no discriminator. */
export async function openJudge(
  checkpoint: Checkpoint,
  engine: Engine,
): Promise<Judge | undefined> {
  const { config } = checkpoint;
  const { discriminator } = modelOf(config);
  if (!discriminator) return undefined;
  const { size, channels, classes } = copyConfig(config);
  const bytes = size * size * channels;
  await engine.activate();
  const weights = createParameters(discriminator.specs, 0, 'discriminator');
  const buffers = createParameters(discriminator.bufferSpecs, 0, 'buffers');
  const variables = [weights, buffers].flatMap((group) => [...group.values()]);
  const score = await engine.compile(
    (images, classOf) => [discriminator.score({ weights, buffers }, images, classOf)],
    {
      inputs: [
        { name: 'images', shape: [BLOCK, size, size, channels] },
        { name: 'classes', shape: [BLOCK, classes] },
      ],
      variables,
    },
  );
  let current = onlyGroups(checkpoint, groups);
  /** The copy whose values the variables hold. */
  let inPlace: number | undefined;

  async function place(copy: number): Promise<void> {
    if (copy === inPlace) return;
    const prefix = copyPrefix(config, copy);
    await restoreGroup(engine, weights, current.tensors, `${prefix}discriminator`);
    await restoreGroup(engine, buffers, current.tensors, `${prefix}buffers`);
    inPlace = copy;
  }

  async function load(loaded: Checkpoint): Promise<void> {
    current = onlyGroups(loaded, groups);
    inPlace = undefined;
    await place(0);
  }

  await load(checkpoint);
  return {
    load,
    async logits(images, labels) {
      const result = new Float32Array(labels.length);
      for (const [copy, places] of placesByCopy(labels)) {
        await place(copy);
        for (let from = 0; from < places.length; from += BLOCK) {
          const block = places.slice(from, from + BLOCK);
          const values = new Float32Array(BLOCK * bytes);
          block.forEach((at, slot) => {
            const image = images.subarray(at * bytes, (at + 1) * bytes);
            values.set(toSymmetricFloats(image), slot * bytes);
          });
          const classOf = new Float32Array(BLOCK * classes);
          const own = block.map((at) => (config.perClass ? 0 : (labels[at] ?? 0)));
          classOf.set(oneHot(own, classes));
          const [logits] = await score.run(values, classOf);
          block.forEach((at, slot) => (result[at] = logits?.[slot] ?? NaN));
        }
      }
      return result;
    },
    async dispose() {
      await score.dispose();
      for (const variable of variables) variable.dispose();
    },
  };

  /** Where the images of each copy are. */
  function placesByCopy(labels: Int32Array): Map<number, number[]> {
    const places = new Map<number, number[]>();
    labels.forEach((label, at) => {
      const copy = copyOf(config, label);
      const known = places.get(copy);
      if (known) known.push(at);
      else places.set(copy, [at]);
    });
    return places;
  }
}
