import type { Checkpoint } from '../checkpoint/checkpoint.js';
import type { Engine } from '../engines/engine.js';
import { copyOf } from '../models/model-copies.js';
import { copyConfig, modelOf } from '../models/model-kinds.js';
import { randomStream } from '../random-stream.js';
import { oneHot } from '../training/batch-inputs.js';
import { allVariables, generateImages, openAveragedGenerator } from './averaged-generator.js';
import { runFinite } from './run-finite.js';

/** Images of one generated block; a candidate keeps its place in its block for good. */
export const SAMPLE_BLOCK = 64;

/** Generates images with a checkpoint's averaged generator. */
export interface Sampler {
  /**
   * Changes to another checkpoint of the same networks.
   *
   * @throws TrainingError when its generator computes what is not finite
   */
  load(checkpoint: Checkpoint): Promise<void>;
  /**
   * Candidates 64 * block .. 64 * block + 63 of a class: the same bytes whenever they are asked for. One call at a time.
   *
   * @param label a model that knows no classes makes other images of no class for another label
   * @returns uint8 [64, size, size, channels]
   * @throws TrainingError when the generator computes what is not finite
   */
  generate(label: number, block: number): Promise<Uint8Array>;
  dispose(): Promise<void>;
}

/**
 * Opens a sampler.
 *
 * @throws TrainingError when the checkpoint's generator computes what is not finite
 */
export async function openSampler(checkpoint: Checkpoint, engine: Engine): Promise<Sampler> {
  const { config } = checkpoint;
  const { classes, latentDim } = copyConfig(config);
  const model = modelOf(config);
  const generator = await openAveragedGenerator(checkpoint, engine);
  const { variables } = generator;
  const draw = await engine.compile(
    (noise, classOf) => [generateImages(model, variables, noise, classOf)],
    {
      inputs: [
        { name: 'noise', shape: [SAMPLE_BLOCK, latentDim] },
        { name: 'classes', shape: [SAMPLE_BLOCK, classes] },
      ],
      variables: allVariables(variables),
    },
  );
  // Not the checkpoint itself, whose tensors would stay in memory.
  let current: Pick<Checkpoint, 'seed' | 'step'> = { seed: checkpoint.seed, step: checkpoint.step };
  return {
    async load(loaded) {
      current = { seed: loaded.seed, step: loaded.step };
      await generator.load(loaded);
    },
    async generate(label, block) {
      await generator.place(copyOf(config, label));
      const noise = new Float32Array(SAMPLE_BLOCK * latentDim);
      for (let slot = 0; slot < SAMPLE_BLOCK; slot++) {
        const own = noise.subarray(slot * latentDim, (slot + 1) * latentDim);
        randomStream(current.seed, 'candidate', label, block * SAMPLE_BLOCK + slot).fillNormal(own);
      }
      const labels = new Int32Array(SAMPLE_BLOCK).fill(config.perClass ? 0 : label);
      const [images] = await runFinite(draw, [noise, oneHot(labels, classes)], current);
      return toBytes(images ?? new Float32Array(0));
    },
    async dispose() {
      await draw.dispose();
      await generator.dispose();
    },
  };
}

/** -1..1 -> 0..255, rounded. */
function toBytes(images: Float32Array): Uint8Array {
  const bytes = new Uint8Array(images.length);
  for (let i = 0; i < images.length; i++) {
    bytes[i] = Math.round(((images[i] ?? 0) + 1) * 127.5);
  }
  return bytes;
}
