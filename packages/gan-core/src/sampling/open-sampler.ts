import * as tf from '@tensorflow/tfjs-core';
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { restoreGroup } from '../checkpoint/model-snapshot.js';
import type { Engine } from '../engines/engine.js';
import { copyOf, copyPrefix } from '../models/model-copies.js';
import { copyConfig, modelOf } from '../models/model-kinds.js';
import { batchStatistics } from '../networks/batch-norm.js';
import type { GeneratorNetwork } from '../networks/network.js';
import { createParameters, get, type ParameterSpecs } from '../networks/parameters.js';
import { randomStream } from '../random-stream.js';
import { oneHot } from '../training/batch-inputs.js';
import { drawClass } from '../training/class-balance.js';

/** Images of one generated block; a candidate keeps its place in its block for good. */
export const SAMPLE_BLOCK = 64;
/** Batches that the averaged generator's batch-norm statistics are taken from. */
const STATISTICS_BATCHES = 32;

/** Generates images with a checkpoint's averaged generator. */
export interface Sampler {
  /** Changes to another checkpoint of the same networks. */
  load(checkpoint: Checkpoint): Promise<void>;
  /**
   * Candidates 64 * block .. 64 * block + 63 of a class: the same bytes whenever they are asked for. One call at a time.
   *
   * @param label a model that knows no classes makes other images of no class for another label
   * @returns uint8 [64, size, size, channels]
   */
  generate(label: number, block: number): Promise<Uint8Array>;
  dispose(): Promise<void>;
}

/** Opens a sampler. */
export async function openSampler(checkpoint: Checkpoint, engine: Engine): Promise<Sampler> {
  const { config } = checkpoint;
  const { classes, latentDim } = copyConfig(config);
  const { generator, latent, buffers: bufferSpecs } = modelOf(config);
  await engine.activate();
  const average = createParameters(generator.specs, 0, 'average');
  const buffers = createParameters(latent ? bufferSpecs : new Map(), 0, 'buffers');
  const statistics = createParameters(statisticsSpecs(generator), 0, 'statistics');
  const read = [...average.values(), ...buffers.values()];
  const inputs = [
    { name: 'noise', shape: [SAMPLE_BLOCK, latentDim] },
    { name: 'classes', shape: [SAMPLE_BLOCK, classes] },
  ];
  const zOf = (noise: tf.Tensor) => latent?.(buffers, noise) ?? noise;

  function measureStep(noise: tf.Tensor, classOf: tf.Tensor): tf.Tensor[] {
    const results: tf.Tensor[] = [];
    generator.generate(average, zOf(noise), classOf, (_layer, x) => {
      const { mean, variance } = batchStatistics(x);
      results.push(mean, variance);
      return { mean, variance };
    });
    return results;
  }

  // Without batch norm there is nothing to measure.
  const measure =
    statistics.size > 0
      ? await engine.compile(measureStep, { inputs, variables: read })
      : undefined;
  const draw = await engine.compile(
    (noise, classOf) => [
      generator.generate(average, zOf(noise), classOf, (layer) => ({
        mean: get(statistics, `${layer}/mean`),
        variance: get(statistics, `${layer}/variance`),
      })),
    ],
    { inputs, variables: [...read, ...statistics.values()] },
  );
  let current = checkpoint;
  /** The copy whose values the variables hold, and the statistics that were measured of each. */
  let inPlace: number | undefined;
  const measured = new Map<number, readonly Float32Array[]>();

  async function place(copy: number): Promise<void> {
    if (copy === inPlace) return;
    const prefix = copyPrefix(config, copy);
    await restoreGroup(engine, average, current.tensors, `${prefix}average`);
    await restoreGroup(engine, buffers, current.tensors, `${prefix}buffers`);
    const values = measured.get(copy) ?? (await measureStatistics());
    measured.set(copy, values);
    for (const [i, variable] of [...statistics.values()].entries()) {
      await engine.write(variable, Float32Array.from(values[i] ?? []));
    }
    inPlace = copy;
  }

  /** The averaged weights never ran in training: their statistics are taken over batches mixed as in training. */
  async function measureStatistics(): Promise<Float32Array[]> {
    if (!measure) return [];
    const sums = [...statistics.values()].map(({ size }) => new Float64Array(size));
    const shares = config.perClass ? [1] : current.classShares;
    for (let batch = 0; batch < STATISTICS_BATCHES; batch++) {
      const noise = new Float32Array(SAMPLE_BLOCK * latentDim);
      randomStream(current.seed, 'statistics', batch).fillNormal(noise);
      const choose = randomStream(current.seed, 'statistics-labels', batch);
      const labels = Array.from({ length: SAMPLE_BLOCK }, () =>
        drawClass(shares, choose.uniform()),
      );
      const results = await measure.run(noise, oneHot(labels, classes));
      results.forEach((values, i) => {
        values.forEach((value, channel) => {
          const sum = sums[i];
          if (sum) sum[channel] = (sum[channel] ?? 0) + value / STATISTICS_BATCHES;
        });
      });
    }
    return sums.map((sum) => Float32Array.from(sum));
  }

  async function load(loaded: Checkpoint): Promise<void> {
    current = loaded;
    inPlace = undefined;
    measured.clear();
    await place(0);
  }

  await load(checkpoint);
  return {
    load,
    async generate(label, block) {
      await place(copyOf(config, label));
      const noise = new Float32Array(SAMPLE_BLOCK * latentDim);
      for (let slot = 0; slot < SAMPLE_BLOCK; slot++) {
        const own = noise.subarray(slot * latentDim, (slot + 1) * latentDim);
        randomStream(current.seed, 'candidate', label, block * SAMPLE_BLOCK + slot).fillNormal(own);
      }
      const labels = new Int32Array(SAMPLE_BLOCK).fill(config.perClass ? 0 : label);
      const [images] = await draw.run(noise, oneHot(labels, classes));
      return toBytes(images ?? new Float32Array(0));
    },
    async dispose() {
      await measure?.dispose();
      await draw.dispose();
      for (const group of [average, buffers, statistics]) {
        for (const variable of group.values()) variable.dispose();
      }
    },
  };
}

function statisticsSpecs({ normLayers }: GeneratorNetwork): ParameterSpecs {
  return new Map(
    [...normLayers].flatMap(([layer, channels]) => [
      [`${layer}/mean`, { shape: [channels], start: 0 }],
      [`${layer}/variance`, { shape: [channels], start: 1 }],
    ]),
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
