import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { restoreGroup } from '../checkpoint/model-snapshot.js';
import type { Engine } from '../engines/engine.js';
import { modelOf } from '../models/model-kinds.js';
import { createParameters } from '../networks/parameters.js';
import { oneHot, toSymmetricFloats } from '../training/batch-inputs.js';

/** Images judged at a time. */
const BLOCK = 64;

/** A checkpoint's discriminator, without augmentation. */
export interface Judge {
  /** Changes to another checkpoint of the same networks. */
  load(checkpoint: Checkpoint): Promise<void>;
  /**
   * Logits of images: high for those that look real. None depends on the others.
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
  const { size, channels, classes } = config;
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

  async function load(loaded: Checkpoint): Promise<void> {
    await restoreGroup(engine, weights, loaded, 'discriminator');
    await restoreGroup(engine, buffers, loaded, 'buffers');
  }

  await load(checkpoint);
  return {
    load,
    async logits(images, labels) {
      const result = new Float32Array(labels.length);
      for (let from = 0; from < labels.length; from += BLOCK) {
        const to = Math.min(from + BLOCK, labels.length);
        const block = new Float32Array(BLOCK * bytes);
        block.set(toSymmetricFloats(images.subarray(from * bytes, to * bytes)));
        const classOf = new Float32Array(BLOCK * classes);
        classOf.set(oneHot(labels.subarray(from, to), classes));
        const [logits] = await score.run(block, classOf);
        result.set((logits ?? new Float32Array(0)).subarray(0, to - from), from);
      }
      return result;
    },
    async dispose() {
      await score.dispose();
      for (const variable of variables) variable.dispose();
    },
  };
}
