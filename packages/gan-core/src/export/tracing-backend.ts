import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type { Layer, Weights } from './layer.js';
import { layerOf } from './layer-of.js';

/** The name under which TensorFlow.js knows the backend. */
const NAME = 'evenset-layers';
/** Images of the traced batch: a length that no other axis has. */
const BATCH = 7;

/** The layers that tensors are outputs of; all other tensors have values. */
const layers = new WeakMap<tf.DataId, Layer>();

/**
 * Works on a CPU backend whose operations compute nothing where they depend on a `tracedInput`, but become layers; all
 * others compute, so that arithmetic on weights ends up in them. Afterwards the tensors that were made are gone, and
 * TensorFlow.js's backend is the one before.
 */
export async function onTracingBackend<T>(work: () => T): Promise<T> {
  const before = tf.getBackend();
  if (!(tf.findBackendFactory(NAME) as unknown)) register();
  await tf.setBackend(NAME);
  tf.engine().startScope();
  try {
    return work();
  } finally {
    tf.engine().endScope();
    if (before) await tf.setBackend(before);
  }
}

/** A network's input, [batch, ...shape]. */
export function tracedInput(name: string, shape: readonly number[]): tf.Tensor {
  const input = tf.zeros([BATCH, ...shape]);
  layers.set(input.dataId, { operation: { type: 'input', name }, inputs: [], shape });
  return input;
}

/** The layer that a tensor is the output of. */
export function layerBehind(tensor: tf.Tensor): Layer {
  const layer = layers.get(tensor.dataId);
  if (!layer) throw new Error('Expected a tensor that depends on a traced input.');
  return layer;
}

/** Every kernel of the CPU backend, but for inputs that are traced. */
function register(): void {
  // Silences the advice to install another backend.
  tf.env().set('PROD', true);
  const backend = new MathBackendCPU();
  tf.registerBackend(NAME, () => backend, 0);
  for (const config of tf.getKernelsForBackend('cpu')) {
    tf.registerKernel({
      ...config,
      backendName: NAME,
      kernelFunc(params) {
        const tensors = Object.values(params.inputs) as tf.TensorInfo[];
        if (!tensors.some(({ dataId }) => layers.has(dataId))) return config.kernelFunc(params);
        const layer = layerOf({
          kernel: config.kernelName,
          operands: tensors.map((tensor) => layers.get(tensor.dataId) ?? weights(backend, tensor)),
          attributes: params.attrs ?? {},
          batch: BATCH,
        });
        const output = backend.makeTensorInfo([BATCH, ...layer.shape], 'float32');
        layers.set(output.dataId, layer);
        return output;
      },
    });
  }
}

function weights(backend: MathBackendCPU, { dataId, shape }: tf.TensorInfo): Weights {
  return { shape, values: Float32Array.from(backend.readSync(dataId) as Float32Array) };
}
