import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel, type LayersModel } from '@tensorflow/tfjs-layers';
import * as ort from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  exportModel,
  openEngine,
  openSampler,
  SAMPLE_BLOCK,
  type Checkpoint,
  type Engine,
  type ExportedFile,
  type ModelConfig,
} from '../src/index.js';
import { modelOf } from '../src/models/model-kinds.js';
import { randomStream } from '../src/random-stream.js';
import {
  allVariables,
  generateImages,
  openAveragedGenerator,
} from '../src/sampling/averaged-generator.js';
import { oneHot } from '../src/training/batch-inputs.js';
import { tinyConfig, tinyRecipe } from './tiny-model.js';

let engine: Engine;
beforeAll(async () => {
  tf.env().set('PROD', true);
  engine = await openEngine('onnx', { threads: 1 });
});
afterAll(() => engine.dispose());

/** A checkpoint whose weights are large enough for images of all shades. */
function wildCheckpoint(channels: 1 | 3, own: Partial<ModelConfig> = {}, seed = 0): Checkpoint {
  const config = { ...tinyConfig, channels, classes: 3, ...own };
  const { generator, buffers } = modelOf(config);
  const groups = Object.entries({ average: generator.specs, buffers });
  const tensors = groups.flatMap(([group, specs]) =>
    [...specs].map(([name, { shape }]) => {
      const values = new Float32Array(tf.util.sizeFromShape([...shape]));
      randomStream(channels + seed, name).fillNormal(values);
      // A variance is above 0.
      const valueOf = (value: number) => (group === 'buffers' ? 0.5 + value ** 2 : value / 2);
      return [`${group}/${name}`, { shape, values: values.map(valueOf) }] as const;
    }),
  );
  return {
    config,
    recipe: tinyRecipe,
    labels: ['bag', 'dress', 'été 👒'],
    classShares: [0.5, 0.3, 0.2],
    seed: 11,
    step: 1,
    totalSteps: 1,
    rollbacks: 0,
    tensors: new Map(tensors),
  };
}

/** The noise that the sampler makes the first block of a class from. */
function blockNoise({ seed, config }: Checkpoint, label: number): Float32Array {
  const slots = Array.from({ length: SAMPLE_BLOCK }, (_, slot) => {
    const z = new Float32Array(config.latentDim);
    randomStream(seed, 'candidate', label, slot).fillNormal(z);
    return [...z];
  });
  return Float32Array.from(slots.flat());
}

/** The sampler's images before they become bytes. */
async function images(
  checkpoint: Checkpoint,
  z: Float32Array,
  classOf: Float32Array,
): Promise<Float32Array> {
  const { config } = checkpoint;
  const { variables } = await openAveragedGenerator(checkpoint, engine);
  const step = await engine.compile(
    (z, classes) => [generateImages(modelOf(config), variables, z, classes)],
    {
      inputs: [
        { name: 'z', shape: [null, config.latentDim] },
        { name: 'classes', shape: [null, config.classes] },
      ],
      variables: allVariables(variables),
    },
  );
  const [result] = await step.run(z, classOf);
  return result ?? new Float32Array(0);
}

const bytesOf = (files: readonly ExportedFile[], name: string) =>
  files.find((file) => file.name === name)?.bytes ?? new Uint8Array(0);

/** The model as TensorFlow.js loads it from its files. */
function loadLayers(files: readonly ExportedFile[]): Promise<LayersModel> {
  const json = JSON.parse(Buffer.from(bytesOf(files, 'model.json')).toString()) as tf.io.ModelJSON;
  const readWeights = (
    manifest: tf.io.WeightsManifestConfig,
  ): Promise<[tf.io.WeightsManifestEntry[], ArrayBuffer]> => {
    const [group] = manifest;
    const bytes = Uint8Array.from(bytesOf(files, group?.paths[0] ?? ''));
    return Promise.resolve([group?.weights ?? [], bytes.buffer]);
  };
  return loadLayersModel({ load: () => tf.io.getModelArtifactsForJSON(json, readWeights) });
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? NaN))), 0);
}

/** What a program makes of noise and one-hot classes: images in [-1, 1]. */
type Program = (z: Float32Array, classOf: Float32Array) => Promise<Float32Array>;

const programs: Record<
  'onnx' | 'tfjs-layers',
  (files: readonly ExportedFile[], config: Checkpoint['config']) => Promise<Program>
> = {
  async onnx(files, { latentDim, classes }) {
    const session = await ort.InferenceSession.create(bytesOf(files, 'generator.onnx'));
    return async (z, classOf) => {
      const inputs: Record<string, ort.Tensor> = {
        z: new ort.Tensor('float32', z, [z.length / latentDim, latentDim]),
        classes: new ort.Tensor('float32', classOf, [classOf.length / classes, classes]),
      };
      const known = session.inputNames.flatMap((name) => {
        const tensor = inputs[name];
        return tensor ? [[name, tensor] as const] : [];
      });
      const { images } = await session.run(Object.fromEntries(known));
      return images?.data as Float32Array;
    };
  },
  async 'tfjs-layers'(files, { latentDim, classes }) {
    await tf.setBackend('cpu');
    const model = await loadLayers(files);
    return async (z, classOf) => {
      await tf.setBackend('cpu');
      return tf.tidy(() => {
        const inputs = [tf.tensor(z, [z.length / latentDim, latentDim])];
        inputs.push(tf.tensor(classOf, [classOf.length / classes, classes]));
        return (
          model.predict(inputs.slice(0, model.inputs.length)) as tf.Tensor
        ).dataSync<'float32'>();
      });
    };
  },
};

describe.each(['onnx', 'tfjs-layers'] as const)('a generator as %s', (format) => {
  it.each([1, 3] as const)("makes the sampler's images of %i channels", async (channels) => {
    const checkpoint = wildCheckpoint(channels);
    const { classes } = checkpoint.config;
    const files = await exportModel(checkpoint, engine, [format]);
    const program = await programs[format](files, checkpoint.config);
    const sampler = await openSampler(checkpoint, engine);
    const means: number[] = [];
    for (let label = 0; label < classes; label++) {
      const z = blockNoise(checkpoint, label);
      const classOf = oneHot(new Int32Array(SAMPLE_BLOCK).fill(label), classes);
      const made = await program(z, classOf);
      expect(largestDifference(made, await images(checkpoint, z, classOf))).toBeLessThan(1e-5);
      const bytes = await sampler.generate(label, 0);
      const off = made.filter((value, i) => {
        const shade = (value + 1) * 127.5;
        const isOnEdge = Math.abs(shade - Math.floor(shade) - 0.5) < 2e-3;
        return Math.round(shade) !== bytes[i] && !isOnEdge;
      });
      expect(off).toHaveLength(0);
      // All shades are there, or these comparisons would say little.
      expect(Math.max(...bytes) - Math.min(...bytes)).toBeGreaterThan(150);
      means.push(made.reduce((sum, value) => sum + value, 0) / made.length);
    }
    expect(new Set(means.map((mean) => mean.toFixed(3))).size).toBe(classes);
    await sampler.dispose();
  });

  it('takes any number of images, and classes in between', async () => {
    const checkpoint = wildCheckpoint(1);
    const files = await exportModel(checkpoint, engine, [format]);
    const program = await programs[format](files, checkpoint.config);
    const z = blockNoise(checkpoint, 0).subarray(0, 5 * checkpoint.config.latentDim);
    const classOf = Float32Array.from({ length: 15 }, (_, i) => ((i % 3) + 1) / 6);
    const made = await program(z, classOf);
    expect(largestDifference(made, await images(checkpoint, z, classOf))).toBeLessThan(1e-5);
  });

  it.each<[string, Partial<ModelConfig>]>([
    ['seed64', { model: 'seed64', embeddingDim: 0, generatorWidths: [8, 4] }],
    ['gan', { model: 'gan', embeddingDim: 0, generatorWidths: [8, 16] }],
    ['autoencoder', { model: 'autoencoder', embeddingDim: 0 }],
    ['vae', { model: 'vae', embeddingDim: 0 }],
  ])('makes the images of a %s, which knows no classes', async (_name, own) => {
    const checkpoint = wildCheckpoint(3, own);
    const files = await exportModel(checkpoint, engine, [format]);
    const program = await programs[format](files, checkpoint.config);
    const z = blockNoise(checkpoint, 0);
    const classOf = oneHot(new Int32Array(SAMPLE_BLOCK), 3);
    const made = await program(z, classOf);
    expect(largestDifference(made, await images(checkpoint, z, classOf))).toBeLessThan(1e-5);
    expect(Math.max(...made) - Math.min(...made)).toBeGreaterThan(0.5);
  });

  it('is the same bytes for the same checkpoint', async () => {
    const checkpoint = wildCheckpoint(3);
    const files = await exportModel(checkpoint, engine, [format]);
    expect(await exportModel(checkpoint, engine, [format])).toEqual(files);
  });
});

describe('what an exported generator says about itself', () => {
  const about = { labels: ['bag', 'dress', 'été 👒'], size: 16, channels: 1, latentDim: 4 };

  it('is in the metadata of a layers model', async () => {
    const model = await loadLayers(await exportModel(wildCheckpoint(1), engine, ['tfjs-layers']));
    expect(model.getUserDefinedMetadata()).toEqual({ model: 'cdcgan', ...about });
    expect(model.inputNames.map((name, i) => [name, model.inputs[i]?.shape])).toEqual([
      ['z', [null, 4]],
      ['classes', [null, 3]],
    ]);
    expect(model.outputs[0]?.shape).toEqual([null, 16, 16, 1]);
    expect(model.layers.at(-1)?.name).toBe('images');
  });

  it('is in the properties of an ONNX model, which is plain ONNX', async () => {
    const [file] = await exportModel(wildCheckpoint(1), engine, ['onnx']);
    const bytes = Buffer.from(file?.bytes ?? []);
    const { inputMetadata, outputMetadata } = await ort.InferenceSession.create(bytes);
    const float = { isTensor: true, type: 'float32' };
    expect(inputMetadata).toEqual([
      { ...float, name: 'z', shape: ['n', 4] },
      { ...float, name: 'classes', shape: ['n', 3] },
    ]);
    expect(outputMetadata).toEqual([{ ...float, name: 'images', shape: ['n', 16, 16, 1] }]);
    expect(bytes.includes(JSON.stringify(about.labels))).toBe(true);
    expect(bytes.includes('com.microsoft')).toBe(false);
  });
});

it('exports the generator of the class that is asked for, where each has its own', async () => {
  const copies = [0, 1, 2].map((seed) => wildCheckpoint(1, { perClass: true }, seed));
  const named = copies.flatMap(({ tensors }, copy) =>
    [...tensors].map(([name, tensor]) => [`class${copy}/${name}`, tensor] as const),
  );
  const [all] = copies.map((one) => ({ ...one, tensors: new Map(named) }));
  const [own] = copies.map(({ config }) => ({ ...config, perClass: false, classes: 1 }));
  if (!all || !own) throw new Error('no checkpoint');
  const sampler = await openSampler(all, engine);
  for (const label of [2, 0]) {
    const files = await exportModel(all, engine, ['onnx'], label);
    const program = await programs.onnx(files, own);
    const made = await program(blockNoise(all, label), new Float32Array(SAMPLE_BLOCK).fill(1));
    const sampled = await sampler.generate(label, 0);
    const off = made.filter((value, i) => Math.abs((value + 1) * 127.5 - (sampled[i] ?? 0)) > 0.51);
    expect(off).toHaveLength(0);
    const about = Buffer.from(files[0]?.bytes ?? []);
    expect(about.includes(JSON.stringify([all.labels[label]]))).toBe(true);
  }
  await sampler.dispose();
});
