import type * as tf from '@tensorflow/tfjs-core';
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { restoreGroup } from '../checkpoint/model-snapshot.js';
import { onlyGroups } from '../checkpoint/only-groups.js';
import type { Engine } from '../engines/engine.js';
import { copyPrefix } from '../models/model-copies.js';
import { copyConfig, modelOf } from '../models/model-kinds.js';
import type { Model } from '../models/model.js';
import { batchStatistics } from '../networks/batch-norm.js';
import type { GeneratorNetwork } from '../networks/network.js';
import {
  createParameters,
  get,
  type Parameters,
  type ParameterSpecs,
} from '../networks/parameters.js';
import { randomStream } from '../random-stream.js';
import { oneHot } from '../training/batch-inputs.js';
import { drawClass } from '../training/class-balance.js';
import { runFinite } from './run-finite.js';

/** Images of one batch. */
const BATCH = 64;
/** Batches that the averaged generator's batch-norm statistics are taken from. */
const STATISTICS_BATCHES = 32;

/** Groups of a checkpoint that images are made of. */
const groups = ['average', 'buffers'];

/** What a generator makes each image with. */
export interface GeneratorVariables {
  readonly weights: Parameters;
  /** What codes are made of noise with; empty where the noise is the code. */
  readonly buffers: Parameters;
  /** `<layer>/mean` and `<layer>/variance` of its batch-norm layers, [channels]. */
  readonly statistics: Parameters;
}

/** A checkpoint's averaged generator on an engine, with its batch-norm statistics. */
export interface AveragedGenerator {
  readonly variables: GeneratorVariables;
  /**
   * Changes to another checkpoint of the same networks, and to its first copy of the model.
   *
   * @throws TrainingError when what it computes is not finite
   */
  load(checkpoint: Checkpoint): Promise<void>;
  /**
   * Gives the variables the values of a copy of the model.
   *
   * @throws TrainingError when what it computes is not finite
   */
  place(copy: number): Promise<void>;
  dispose(): Promise<void>;
}

/** Opens the averaged generator of a checkpoint, with its first copy's values in place. */
export async function openAveragedGenerator(
  checkpoint: Checkpoint,
  engine: Engine,
): Promise<AveragedGenerator> {
  const { config } = checkpoint;
  const { classes, latentDim } = copyConfig(config);
  const model = modelOf(config);
  await engine.activate();
  const weights = createParameters(model.generator.specs, 0, 'average');
  const buffers = createParameters(model.latent ? model.buffers : new Map(), 0, 'buffers');
  const statistics = createParameters(statisticsSpecs(model.generator), 0, 'statistics');
  const variables = { weights, buffers, statistics };

  function measureStep(noise: tf.Tensor, classOf: tf.Tensor): tf.Tensor[] {
    const results: tf.Tensor[] = [];
    const z = model.latent?.(buffers, noise) ?? noise;
    model.generator.generate(weights, z, classOf, (_layer, x) => {
      const { mean, variance } = batchStatistics(x);
      results.push(mean, variance);
      return { mean, variance };
    });
    return results;
  }

  // Without batch norm there is nothing to measure.
  const measure =
    statistics.size > 0
      ? await engine.compile(measureStep, {
          inputs: [
            { name: 'noise', shape: [BATCH, latentDim] },
            { name: 'classes', shape: [BATCH, classes] },
          ],
          variables: [...weights.values(), ...buffers.values()],
        })
      : undefined;
  let current = onlyGroups(checkpoint, groups);
  /** The copy whose values the variables hold, and the statistics that were measured of each. */
  let inPlace: number | undefined;
  const measured = new Map<number, readonly Float32Array[]>();

  async function place(copy: number): Promise<void> {
    if (copy === inPlace) return;
    inPlace = undefined;
    const prefix = copyPrefix(config, copy);
    await restoreGroup(engine, weights, current.tensors, `${prefix}average`);
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
      const noise = new Float32Array(BATCH * latentDim);
      randomStream(current.seed, 'statistics', batch).fillNormal(noise);
      const choose = randomStream(current.seed, 'statistics-labels', batch);
      const labels = Array.from({ length: BATCH }, () => drawClass(shares, choose.uniform()));
      const results = await runFinite(measure, [noise, oneHot(labels, classes)], current);
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
    current = onlyGroups(loaded, groups);
    inPlace = undefined;
    measured.clear();
    await place(0);
  }

  await load(checkpoint);
  return {
    variables,
    load,
    place,
    async dispose() {
      await measure?.dispose();
      for (const variable of allVariables(variables)) variable.dispose();
    },
  };
}

/** All variables of a generator in one list. */
export function allVariables({ weights, buffers, statistics }: GeneratorVariables): tf.Variable[] {
  return [weights, buffers, statistics].flatMap((group) => [...group.values()]);
}

/**
 * Images by fixed statistics: none depends on the others.
 *
 * @param noise N(0, 1), [batch, latentDim]
 * @param oneHot the classes, [batch, classes]
 * @returns images in [-1, 1], [batch, size, size, channels]
 */
export function generateImages(
  { generator, latent }: Pick<Model, 'generator' | 'latent'>,
  { weights, buffers, statistics }: GeneratorVariables,
  noise: tf.Tensor,
  oneHot: tf.Tensor,
): tf.Tensor {
  const z = latent?.(buffers, noise) ?? noise;
  return generator.generate(weights, z, oneHot, (layer) => ({
    mean: get(statistics, `${layer}/mean`),
    variance: get(statistics, `${layer}/variance`),
  }));
}

function statisticsSpecs({ normLayers }: GeneratorNetwork): ParameterSpecs {
  return new Map(
    [...normLayers].flatMap(([layer, channels]) => [
      [`${layer}/mean`, { shape: [channels], start: 0 }],
      [`${layer}/variance`, { shape: [channels], start: 1 }],
    ]),
  );
}
