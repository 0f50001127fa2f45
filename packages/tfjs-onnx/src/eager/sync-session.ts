import { createRequire } from 'node:module';
import type { InferenceSession, Tensor } from 'onnxruntime-node';

/**
 * A session that runs while the caller waits. TensorFlow.js kernels are synchronous and onnxruntime-node's
 * public API is not: this is the binding that it wraps, which is simpler than a worker to wait for.
 */
export interface SyncSession {
  loadModel(
    buffer: ArrayBufferLike,
    byteOffset: number,
    byteLength: number,
    options: InferenceSession.SessionOptions,
  ): void;
  /** @param fetches the wanted outputs: null where the runtime is to allocate them */
  run(
    feeds: Readonly<Record<string, Tensor>>,
    fetches: Readonly<Record<string, null>>,
    options: InferenceSession.RunOptions,
  ): Record<string, Tensor>;
  dispose(): void;
}

interface Binding {
  readonly initOrt: () => void;
  readonly binding: { readonly InferenceSession: new () => SyncSession };
}

/** Loads a model of one operation into a session of one thread. */
export function openSyncSession(model: Uint8Array): SyncSession {
  const require = createRequire(import.meta.url);
  const { initOrt, binding } = require('onnxruntime-node/dist/binding.js') as Binding;
  initOrt();
  const session = new binding.InferenceSession();
  session.loadModel(model.buffer, model.byteOffset, model.byteLength, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'disabled',
    logSeverityLevel: 3,
  });
  return session;
}
