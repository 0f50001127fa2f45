import { train } from '@evenset/gan-core';

const CLASSES = 10;
const POOL = 512;

/** Networks of the presets: channels from the 4x4 end outwards. */
export const cdcganSizes = {
  tiny32: { size: 32, generatorWidths: [128, 64, 32, 16], discriminatorWidths: [128, 64, 32] },
  base32: { size: 32, generatorWidths: [256, 128, 64, 32], discriminatorWidths: [256, 128, 64] },
  base64: {
    size: 64,
    generatorWidths: [512, 256, 128, 64, 32],
    discriminatorWidths: [512, 256, 128, 64],
  },
};

export function cdcganConfig(name) {
  return {
    ...cdcganSizes[name],
    model: 'cdcgan',
    channels: 3,
    classes: CLASSES,
    latentDim: 64,
    embeddingDim: 64,
    perClass: false,
  };
}

/** gan-core's own training, drawing of batches included. */
export async function openCdcgan(engine, name, batch) {
  const start = performance.now();
  const training = await startTraining(engine, name, batch);
  const compileSeconds = (performance.now() - start) / 1000;
  const steps = training[Symbol.asyncIterator]();
  return { next: () => steps.next(), images: batch, compileSeconds };
}

export function startTraining(engine, name, batchSize) {
  const config = cdcganConfig(name);
  const pixels = config.size ** 2 * 3;
  return train({
    budget: '1000000kimg',
    seed: 1,
    config,
    recipe: {
      batchSize,
      learningRateD: 2e-4,
      learningRateG: 2e-4,
      classBalance: 0.5,
      emaKimg: 10,
      diffAugment: 'strong',
      inputNoise: 0,
      loss: 'non-saturating',
      labelSmoothing: 0,
      lecam: 0.005,
      gradientPenalty: 0,
    },
    labels: Array.from({ length: CLASSES }, (_, label) => `class-${label}`),
    images: {
      labels: Int32Array.from({ length: POOL }, (_, i) => i % CLASSES),
      read: async (positions) =>
        Uint8Array.from({ length: positions.length * pixels }, (_, i) => (i * 37) % 251),
    },
    positions: Int32Array.from({ length: POOL }, (_, i) => i),
    engine,
  });
}
