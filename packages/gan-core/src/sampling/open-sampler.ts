import * as tf from '@tensorflow/tfjs-core';
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { restoreGroup } from '../checkpoint/model-snapshot.js';
import type { Engine } from '../engines/engine.js';
import {
  discriminate,
  discriminatorSpecs,
  normWeights,
  spectralVectorSpecs,
} from '../networks/discriminator.js';
import { generate, generatorSpecs, normLayers } from '../networks/generator.js';
import { batchStatistics } from '../networks/conditional-batch-norm.js';
import { createParameters, get, type ParameterSpec } from '../networks/parameters.js';
import type { GanConfig } from '../networks/presets.js';
import { randomStream } from '../random-stream.js';
import { drawClass } from '../training/class-balance.js';
import { oneHot, toSymmetricFloats } from '../training/draw-batch.js';

/** Images of one generated block; a candidate keeps its place in its block for good. */
export const SAMPLE_BLOCK = 64;
/** Batches that the averaged generator's batch-norm statistics are taken from. */
const STATISTICS_BATCHES = 32;

/** Generates and judges images with a checkpoint's averaged generator and its discriminator. */
export interface Sampler {
  /** Changes to another checkpoint of the same networks. */
  load(checkpoint: Checkpoint): Promise<void>;
  /**
   * Candidates 64 * block .. 64 * block + 63 of a class: the same bytes whenever they are asked for.
   *
   * @returns uint8 [64, size, size, channels]
   */
  generate(label: number, block: number): Promise<Uint8Array>;
  /**
   * The discriminator's logits of images as they are, without augmentation.
   *
   * @param pixels uint8 [n, size, size, channels]
   * @param labels the class that each is judged as, [n]
   */
  logits(pixels: Uint8Array, labels: Int32Array): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** Opens a sampler. */
export async function openSampler(checkpoint: Checkpoint, engine: Engine): Promise<Sampler> {
  const { config } = checkpoint;
  const { size, channels, classes, latentDim } = config;
  const pixels = size * size * channels;
  await engine.activate();
  const average = createParameters(generatorSpecs(config), 0, 'average');
  const discriminator = createParameters(discriminatorSpecs(config), 0, 'discriminator');
  const spectral = createParameters(spectralVectorSpecs(config), 0, 'spectral');
  const statistics = createParameters(statisticsSpecs(config), 0, 'statistics');
  const noise = [
    { name: 'z', shape: [SAMPLE_BLOCK, latentDim] },
    { name: 'oneHot', shape: [SAMPLE_BLOCK, classes] },
  ];

  const measure = await engine.compile(
    (z, classOf) => {
      const measured: tf.Tensor[] = [];
      generate(config, average, z, classOf, (_layer, x) => {
        const { mean, variance } = batchStatistics(x);
        measured.push(mean, variance);
        return { mean, variance };
      });
      return measured;
    },
    { inputs: noise, variables: [...average.values()] },
  );
  const draw = await engine.compile(
    (z, classOf) => [
      generate(config, average, z, classOf, (layer) => ({
        mean: get(statistics, `${layer}/mean`),
        variance: get(statistics, `${layer}/variance`),
      })),
    ],
    { inputs: noise, variables: [...average.values(), ...statistics.values()] },
  );
  const judge = await engine.compile(
    (images, classOf) => {
      const weights = normWeights(config, discriminator, spectral);
      return [discriminate(config, discriminator, weights, images, classOf)];
    },
    {
      inputs: [
        { name: 'images', shape: [SAMPLE_BLOCK, size, size, channels] },
        { name: 'oneHot', shape: [SAMPLE_BLOCK, classes] },
      ],
      variables: [...discriminator.values(), ...spectral.values()],
    },
  );
  let { seed, classShares } = checkpoint;

  async function load(loaded: Checkpoint): Promise<void> {
    ({ seed, classShares } = loaded);
    await restoreGroup(engine, average, loaded, 'average');
    await restoreGroup(engine, discriminator, loaded, 'discriminator');
    await restoreGroup(engine, spectral, loaded, 'spectral');
    await measureStatistics();
  }

  /** The averaged weights never ran in training: their statistics are taken over batches mixed as in training. */
  async function measureStatistics(): Promise<void> {
    const names = normLayers(config).flatMap((layer) => [`${layer}/mean`, `${layer}/variance`]);
    const sums = names.map((name) => new Float64Array(get(statistics, name).size));
    for (let batch = 0; batch < STATISTICS_BATCHES; batch++) {
      const z = new Float32Array(SAMPLE_BLOCK * latentDim);
      randomStream(seed, 'statistics', batch).fillNormal(z);
      const choose = randomStream(seed, 'statistics-labels', batch);
      const labels = Array.from({ length: SAMPLE_BLOCK }, () =>
        drawClass(classShares, choose.uniform()),
      );
      const measured = await measure.run(z, oneHot(labels, classes));
      measured.forEach((values, i) => {
        values.forEach((value, channel) => {
          const sum = sums[i];
          if (sum) sum[channel] = (sum[channel] ?? 0) + value / STATISTICS_BATCHES;
        });
      });
    }
    for (const [i, name] of names.entries()) {
      await engine.write(get(statistics, name), Float32Array.from(sums[i] ?? []));
    }
  }

  await load(checkpoint);
  return {
    load,
    async generate(label, block) {
      const z = new Float32Array(SAMPLE_BLOCK * latentDim);
      for (let slot = 0; slot < SAMPLE_BLOCK; slot++) {
        const own = z.subarray(slot * latentDim, (slot + 1) * latentDim);
        randomStream(seed, 'candidate', label, block * SAMPLE_BLOCK + slot).fillNormal(own);
      }
      const labels = new Int32Array(SAMPLE_BLOCK).fill(label);
      const [images] = await draw.run(z, oneHot(labels, classes));
      return toBytes(images ?? new Float32Array(0));
    },
    async logits(images, labels) {
      const result = new Float32Array(labels.length);
      for (let from = 0; from < labels.length; from += SAMPLE_BLOCK) {
        const to = Math.min(from + SAMPLE_BLOCK, labels.length);
        const block = new Float32Array(SAMPLE_BLOCK * pixels);
        block.set(toSymmetricFloats(images.subarray(from * pixels, to * pixels)));
        const classOf = new Float32Array(SAMPLE_BLOCK * classes);
        classOf.set(oneHot(labels.subarray(from, to), classes));
        const [logits] = await judge.run(block, classOf);
        result.set((logits ?? new Float32Array(0)).subarray(0, to - from), from);
      }
      return result;
    },
    async dispose() {
      for (const step of [measure, draw, judge]) await step.dispose();
      for (const group of [average, discriminator, spectral, statistics]) {
        for (const variable of group.values()) variable.dispose();
      }
    },
  };
}

function statisticsSpecs(config: GanConfig): Map<string, ParameterSpec> {
  return new Map(
    normLayers(config).flatMap((layer, block): [string, ParameterSpec][] => {
      const shape = [config.generatorWidths[block] ?? 1];
      return [
        [`${layer}/mean`, { shape, start: 0 }],
        [`${layer}/variance`, { shape, start: 1 }],
      ];
    }),
  );
}

/** -1..1 -> 0..255, rounded. */
function toBytes(images: Float32Array): Uint8Array {
  const bytes = new Uint8Array(images.length);
  for (let i = 0; i < images.length; i++) {
    bytes[i] = Math.round(((images[i] ?? 0) + 1) * 127.5);
  }
  return bytes;
}
