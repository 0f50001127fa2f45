import {
  findBackendFactory,
  registerBackend,
  setBackend,
  type Variable,
} from '@tensorflow/tfjs-core';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { pathToFileURL } from 'node:url';
import { compileStep, type CompiledStep, type CompileOptions, type Step } from './compile-step.js';
import { registerKernels } from './register-kernels.js';
import { BACKEND_NAME, TraceBackend } from './trace-backend.js';
import { openVariableNumbers } from './variable-numbers.js';
import { openWorker } from './worker/open-worker.js';

/** Runs TensorFlow.js steps as compiled ONNX graphs on the CPU, in a thread of its own. */
export interface OnnxEngine {
  /** Version of onnxruntime-node. */
  readonly runtimeVersion: string;
  readonly threads: number;
  /** Makes its backend TensorFlow.js's current one: variables that are made from then on belong to it. */
  activate(): Promise<void>;
  /** Compiles a step; all steps of an engine share the values of the variables they have in common. */
  compile(step: Step, options: CompileOptions): Promise<CompiledStep>;
  /** A copy of a variable's value, [variable.size], after all runs that were asked for before. */
  read(variable: Variable): Promise<Float32Array>;
  /** @throws RangeError when the number of values is not the variable's */
  write(variable: Variable, values: Float32Array): Promise<void>;
  /** Ends the thread; steps that are under way are given up. */
  dispose(): Promise<void>;
}

/**
 * Opens the engine and makes its backend TensorFlow.js's current one: variables that are made from
 * now on belong to it.
 *
 * @param options.threads of the CPU; results are the same bits for the same number
 * @throws EngineUnavailableError when onnxruntime-node cannot be loaded
 */
export async function openOnnxEngine(options: { threads?: number } = {}): Promise<OnnxEngine> {
  // The worker as it was compiled, also where the package's TypeScript sources run.
  const file = createRequire(import.meta.url).resolve('@evenset/tfjs-onnx/engine-worker');
  // Loading the layers, a tenth of a second, registers every operation's gradient.
  await import('@tensorflow/tfjs-layers');
  const worker = await openWorker(pathToFileURL(file));
  const backend = activateBackend();
  const numbers = openVariableNumbers(backend, worker);
  const threads = options.threads ?? availableParallelism();
  let models = 0;
  const context = { backend, worker, numbers, threads, activate, nextModel: () => models++ };
  return {
    runtimeVersion: worker.version,
    threads,
    activate() {
      activate();
      return Promise.resolve();
    },
    compile: (step, compileOptions) => compileStep(context, step, compileOptions),
    read: async (variable) => worker.call('read', [numbers.of(variable)]),
    write: (variable, values) => numbers.write(variable, values),
    async dispose() {
      numbers.close();
      await worker.close();
    },
  };
}

/** TensorFlow.js has one registry of backends per process, so one backend serves every engine. */
const sharedBackend = new TraceBackend();

/** Takes effect before it returns: nothing about this backend is opened later. */
function activate(): void {
  void setBackend(BACKEND_NAME);
}

function activateBackend(): TraceBackend {
  if (!(findBackendFactory(BACKEND_NAME) as unknown)) {
    registerBackend(BACKEND_NAME, () => sharedBackend, 0);
    registerKernels();
  }
  activate();
  return sharedBackend;
}
