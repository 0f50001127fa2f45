import * as tf from '@tensorflow/tfjs-core';
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { restoreGroup } from '../checkpoint/model-snapshot.js';
import type { Engine } from '../engines/engine.js';
import { modelOf } from '../models/model-kinds.js';
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
   * Candidates 64 * block .. 64 * block + 63 of a class: the same bytes whenever they are asked for.
   *
   * @returns uint8 [64, size, size, channels]
   */
  generate(label: number, block: number): Promise<Uint8Array>;
  dispose(): Promise<void>;
}

/** Opens a sampler. */
export async function openSampler(checkpoint: Checkpoint, engine: Engine): Promise<Sampler> {
  const { config } = checkpoint;
  const { classes, latentDim } = config;
  const { generator } = modelOf(config);
  await engine.activate();
  const average = createParameters(generator.specs, 0, 'average');
  const statistics = createParameters(statisticsSpecs(generator), 0, 'statistics');
  const inputs = [
    { name: 'z', shape: [SAMPLE_BLOCK, latentDim] },
    { name: 'classes', shape: [SAMPLE_BLOCK, classes] },
  ];

  const measure = await engine.compile(
    (z, classOf) => {
      const measured: tf.Tensor[] = [];
      generator.generate(average, z, classOf, (_layer, x) => {
        const { mean, variance } = batchStatistics(x);
        measured.push(mean, variance);
        return { mean, variance };
      });
      return measured;
    },
    { inputs, variables: [...average.values()] },
  );
  const draw = await engine.compile(
    (z, classOf) => [
      generator.generate(average, z, classOf, (layer) => ({
        mean: get(statistics, `${layer}/mean`),
        variance: get(statistics, `${layer}/variance`),
      })),
    ],
    { inputs, variables: [...average.values(), ...statistics.values()] },
  );
  let { seed, classShares } = checkpoint;

  async function load(loaded: Checkpoint): Promise<void> {
    ({ seed, classShares } = loaded);
    await restoreGroup(engine, average, loaded, 'average');
    await measureStatistics();
  }

  /** The averaged weights never ran in training: their statistics are taken over batches mixed as in training. */
  async function measureStatistics(): Promise<void> {
    const names = [...statistics.keys()];
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
    async dispose() {
      for (const step of [measure, draw]) await step.dispose();
      for (const group of [average, statistics]) {
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
