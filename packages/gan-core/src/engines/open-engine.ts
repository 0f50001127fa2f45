import * as tf from '@tensorflow/tfjs-core';
import { EngineUnavailableError, openOnnxEngine } from '@evenset/tfjs-onnx';
import { eagerEngine } from './eager-engine.js';
import { EngineError, type Engine, type EngineName } from './engine.js';
import { loadTensorFlow, type ImportModule } from './load-tensorflow.js';

/** How an engine is opened. */
export interface EngineOptions {
  /** CPU threads of the embedded engine. */
  readonly threads?: number | undefined;
  /** Imports an optional package; tests pass their own. */
  readonly importModule?: ImportModule;
  /** Told why `auto` takes a slow engine. */
  readonly onWarning?: (message: string) => void;
}

/** What `auto` tries, fastest first. */
const preferred = ['tfjs-node-gpu', 'onnx', 'tfjs-node', 'cpu'] as const;

/**
 * Opens an engine. `auto` takes tfjs-node-gpu where it loads and really registers a GPU, else the embedded
 * engine, and a slower one with a warning where that cannot be loaded.
 *
 * @throws EngineError (or tfjs-onnx's EngineUnavailableError) saying how to get what is missing
 */
export async function openEngine(
  name: EngineName | 'auto',
  options: EngineOptions = {},
): Promise<Engine> {
  switch (name) {
    case 'auto':
      return openFirst(options);
    case 'tfjs-node-gpu':
    case 'tfjs-node': {
      const { device } = await loadTensorFlow(name, options.importModule);
      await loadGradients();
      await activate('tensorflow', name);
      return eagerEngine(name, 'tensorflow', device);
    }
    case 'onnx': {
      const engine = await openOnnxEngine(
        options.threads === undefined ? {} : { threads: options.threads },
      );
      const threads = engine.threads === 1 ? '1 thread' : `${engine.threads} threads`;
      const device = `CPU, ${threads}, onnxruntime ${engine.runtimeVersion}`;
      return { ...engine, name, device };
    }
    case 'cpu':
      // Silences the advice to install another backend.
      tf.env().set('PROD', true);
      await import('@tensorflow/tfjs-backend-cpu');
      await loadGradients();
      await tf.setBackend('cpu');
      return eagerEngine(name, 'cpu', 'CPU, plain JavaScript: the slow reference');
  }
}

/** Loading the layers registers every operation's gradient; the embedded engine does so itself. */
async function loadGradients(): Promise<void> {
  await import('@tensorflow/tfjs-layers');
}

async function openFirst(options: EngineOptions): Promise<Engine> {
  let reason = '';
  for (const name of preferred) {
    try {
      const engine = await openEngine(name, options);
      if (reason) options.onWarning?.(`${reason} Going on with the slower engine ${name}.`);
      return engine;
    } catch (error) {
      if (error instanceof EngineUnavailableError) reason = error.message;
      else if (!(error instanceof EngineError)) throw error;
    }
  }
  throw new EngineError('Expected an engine that can be used here but found none.');
}

async function activate(backend: string, name: EngineName): Promise<void> {
  const isReady = await tf.setBackend(backend).catch(() => false);
  if (isReady) return;
  throw new EngineError(
    `@tensorflow/${name} loads but registers its backend with another copy of @tensorflow/tfjs-core; npm ls @tensorflow/tfjs-core shows which, 4.22.0 is needed.`,
  );
}
