import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import { util } from '@tensorflow/tfjs-core';
import { encodeModel } from './graph/encode-model.js';
import type { Runtime } from './load-runtime.js';
import type { Queue } from './queue.js';
import type { TraceBackend } from './trace-backend.js';
import { traceStep, type TracedStep } from './trace-step.js';
import type { VariableStore } from './variable-store.js';

/** One input of a step: its shape is fixed when the step is compiled. */
export interface InputSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype?: 'float32' | 'int32';
}

/**
 * A TensorFlow.js function of inputs and variables, with gradients and assignments as it likes; it
 * must not read values, branch on them, or draw random numbers.
 */
export type Step = (...inputs: Tensor[]) => Tensor[];

/** A step as one compiled graph. */
export interface CompiledStep {
  /**
   * Runs the step once.
   *
   * @param inputs one array per input, in order; they are read when the step's turn comes, before the promise resolves
   * @returns one new array per output; assigned variables have their new values
   * @throws TypeError or RangeError naming the input whose type or length is wrong
   */
  run(...inputs: readonly (Float32Array | Int32Array)[]): Promise<Float32Array[]>;
  readonly stats: { readonly nodes: number; readonly traceMs: number; readonly compileMs: number };
  dispose(): Promise<void>;
}

/** What a step is compiled with. */
export interface CompilerContext {
  readonly runtime: typeof Runtime;
  readonly backend: TraceBackend;
  readonly store: VariableStore;
  /** Steps share variables: what one writes the next one reads. */
  readonly queue: Queue;
  readonly threads: number;
}

/** Elements of all variables together, from which on a step does without the runtime's arena. */
const LARGE_STEP = 2 ** 26;

/** Traces a step and compiles its graph. */
export async function compileStep(
  { runtime, backend, store, queue, threads }: CompilerContext,
  step: Step,
  specs: readonly InputSpec[],
  variables: readonly Variable[],
): Promise<CompiledStep> {
  const start = performance.now();
  const traced = traceStep(backend, step, specs, variables);
  const traceMs = performance.now() - start;
  const session = await runtime.InferenceSession.create(encodeModel(traced.graph), {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    // Its planned buffers cost page faults of seconds on large steps.
    enableMemPattern: false,
    // Its arena doubles the memory of large steps and is worth its speed only for small tensors.
    enableCpuMemArena: variables.reduce((sum, { size }) => sum + size, 0) < LARGE_STEP,
    logSeverityLevel: 3,
  });
  const compileMs = performance.now() - start - traceMs;

  return {
    stats: { nodes: traced.graph.liveNodes().length, traceMs, compileMs },
    async run(...inputs) {
      const feeds = feedsOf(runtime, traced, specs, inputs);
      return queue(() => runOnce(feeds));
    },
    dispose: () => session.release(),
  };

  async function runOnce(feeds: Record<string, Runtime.Tensor>): Promise<Float32Array[]> {
    for (const { name, variable } of traced.reads) feeds[name] = store.current(variable);
    const fetches: Record<string, Runtime.Tensor> = {};
    const results = traced.outputs.map(({ name, shape }) => {
      const values = new Float32Array(util.sizeFromShape([...shape]));
      fetches[name] = new runtime.Tensor('float32', values, shape);
      return values;
    });
    for (const { name, variable } of traced.writes) fetches[name] = store.spare(variable);
    await session.run(feeds, fetches);
    for (const { variable } of traced.writes) store.swap(variable);
    return results;
  }
}

function feedsOf(
  runtime: typeof Runtime,
  traced: TracedStep,
  specs: readonly InputSpec[],
  inputs: readonly (Float32Array | Int32Array)[],
): Record<string, Runtime.Tensor> {
  if (inputs.length !== specs.length) {
    throw new RangeError(`Expected ${specs.length} inputs but received ${inputs.length}.`);
  }
  const feeds: Record<string, Runtime.Tensor> = {};
  specs.forEach(({ name, shape, dtype = 'float32' }, i) => {
    const values = inputs[i];
    const length = util.sizeFromShape([...shape]);
    if (values?.length !== length) {
      throw new RangeError(
        `Expected ${length} values [${shape.join(', ')}] for the input ${name} but received ${values?.length ?? 'none'}.`,
      );
    }
    const fed = traced.inputs[i];
    if (dtype === 'int32') {
      if (!(values instanceof Int32Array)) throw wrongType(name, 'Int32Array', values);
      if (fed !== undefined) feeds[fed] = new runtime.Tensor('int32', values, shape);
    } else {
      if (!(values instanceof Float32Array)) throw wrongType(name, 'Float32Array', values);
      if (fed !== undefined) feeds[fed] = new runtime.Tensor('float32', values, shape);
    }
  });
  return feeds;
}

function wrongType(name: string, wanted: string, received: object): TypeError {
  return new TypeError(
    `Expected a ${wanted} for the input ${name} but received a ${received.constructor.name}.`,
  );
}
