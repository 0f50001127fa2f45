import {
  findBackendFactory,
  registerBackend,
  setBackend,
  type Variable,
} from '@tensorflow/tfjs-core';
// Importing the layers registers every operation's gradient.
import '@tensorflow/tfjs-layers';
import { availableParallelism } from 'node:os';
import { openQueue } from './queue.js';
import { compileStep, type CompiledStep, type InputSpec, type Step } from './compile-step.js';
import { registerKernels } from './register-kernels.js';
import { loadRuntime } from './load-runtime.js';
import { BACKEND_NAME, TraceBackend } from './trace-backend.js';
import { VariableStore } from './variable-store.js';

/** Runs TensorFlow.js steps as compiled ONNX graphs on the CPU. */
export interface OnnxEngine {
  /** Version of onnxruntime-node. */
  readonly runtimeVersion: string;
  readonly threads: number;
  /** Makes its backend TensorFlow.js's current one: variables that are made from then on belong to it. */
  activate(): Promise<void>;
  /**
   * Compiles a step; all steps of an engine share the values of the variables they have in common.
   *
   * @param variables every variable that the step reads or assigns, float32
   */
  compile(
    step: Step,
    inputs: readonly InputSpec[],
    variables: readonly Variable[],
  ): Promise<CompiledStep>;
  /** A copy of a variable's value, [variable.size]. */
  read(variable: Variable): Float32Array;
  write(variable: Variable, values: Float32Array): void;
  dispose(): Promise<void>;
}

/**
 * Opens the engine and makes its backend TensorFlow.js's current one: variables that are made from
 * now on belong to it.
 *
 * @throws EngineUnavailableError when onnxruntime-node cannot be loaded
 */
export async function openOnnxEngine(options: { threads?: number } = {}): Promise<OnnxEngine> {
  const { runtime, version } = await loadRuntime();
  const backend = await activateBackend();
  const store = new VariableStore(runtime);
  const queue = openQueue();
  const threads = options.threads ?? availableParallelism();
  const open = new Set<CompiledStep>();
  return {
    runtimeVersion: version,
    threads,
    activate,
    async compile(step, inputs, variables) {
      await activate();
      const compiled = await compileStep(
        { runtime, backend, store, queue, threads },
        step,
        inputs,
        variables,
      );
      const own: CompiledStep = {
        ...compiled,
        async dispose() {
          if (open.delete(own)) await compiled.dispose();
        },
      };
      open.add(own);
      return own;
    },
    read: (variable) => store.read(variable),
    write(variable, values) {
      store.write(variable, values);
    },
    async dispose() {
      for (const step of [...open]) await step.dispose();
      store.clear();
    },
  };
}

/** TensorFlow.js has one registry of backends per process, so one backend serves every engine. */
const sharedBackend = new TraceBackend();

async function activate(): Promise<void> {
  await setBackend(BACKEND_NAME);
}

async function activateBackend(): Promise<TraceBackend> {
  if (!(findBackendFactory(BACKEND_NAME) as unknown)) {
    registerBackend(BACKEND_NAME, () => sharedBackend, 0);
    registerKernels();
  }
  await activate();
  return sharedBackend;
}
