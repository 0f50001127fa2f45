import type { Variable } from '@tensorflow/tfjs-core';
import { encodeModel } from './graph/encode-model.js';
import type { Step } from './compile-step.js';
import { EngineCrashedError } from './errors.js';
import { explainProfile, type StepProfile } from './explain-profile.js';
import { exportModel } from './graph/export-model.js';
import { hideShapes } from './graph/hide-shapes.js';
import type { ShapedInput } from './resolve-shapes.js';
import type { TraceBackend } from './trace-backend.js';
import { traceStep } from './trace-step.js';
import type { VariableNumbers } from './variable-numbers.js';
import type { EngineWorker } from './worker/open-worker.js';

/** What steps are compiled with. */
export interface CompilerContext {
  readonly backend: TraceBackend;
  readonly worker: EngineWorker;
  readonly numbers: VariableNumbers;
  readonly threads: number;
  /** Makes the backend TensorFlow.js's current one. */
  readonly activate: () => void;
  /** The next number of a model. */
  readonly nextModel: () => number;
}

/** Elements of all variables together, from which on its memory matters. */
const LARGE_STEP = 2 ** 26;

/** A step compiled for one shape of each input. */
export interface ShapedStep {
  /** All variables of the step, those included that it made itself, as optimizers do. */
  readonly variables: readonly Variable[];
  readonly nodes: number;
  readonly traceMs: number;
  /** Resolves to the milliseconds that compiling took; a run may be asked for before. */
  readonly compiled: Promise<number>;
  /** @param inputs arrays of their own buffers, which move to the engine */
  run(inputs: readonly (Float32Array | Int32Array)[]): Promise<Float32Array[]>;
  explain(runs: number): Promise<StepProfile>;
  toOnnx(): Promise<Uint8Array>;
  dispose(): Promise<void>;
}

/** Traces a step with inputs of these shapes at once, and has its graph compiled. */
export function compileShape(
  { backend, worker, numbers, threads, activate, nextModel }: CompilerContext,
  step: Step,
  inputs: readonly ShapedInput[],
  variables: readonly Variable[],
): ShapedStep {
  activate();
  const start = performance.now();
  const traced = traceStep(backend, step, inputs, variables);
  const isLarge = variables.reduce((sum, { size }) => sum + size, 0) >= LARGE_STEP;
  const model = encodeModel(traced.graph, isLarge ? { nodes: hideShapes(traced.graph) } : {});
  const traceMs = performance.now() - start;
  const id = nextModel();
  const numbered = ({ name, variable }: { name: string; variable: Variable }) => ({
    name,
    variable: numbers.of(variable),
  });
  /** Has the thread know the values that variables were assigned outside of a step. */
  const settle = () => {
    for (const { variable } of [...traced.reads, ...traced.writes]) numbers.of(variable);
  };
  const created = worker.call('create', [
    id,
    {
      model,
      threads,
      inputs: inputs.map(({ shape, dtype }, i) => ({ name: traced.inputs[i], shape, dtype })),
      outputs: traced.outputs,
      reads: traced.reads.map(numbered),
      writes: traced.writes.map(numbered),
    },
  ]);
  /** What is asked of a model that could not be made fails for that reason. */
  async function afterCreation<T>(work: Promise<T>): Promise<T> {
    const [, result] = await Promise.all([created, work]);
    return result;
  }
  return {
    variables: [...new Set([...variables, ...traced.reads.map(({ variable }) => variable)])],
    nodes: traced.graph.liveNodes().length,
    traceMs,
    compiled: created.then(() => performance.now() - start - traceMs),
    run(values) {
      settle();
      return afterCreation(worker.call('run', [id, values], buffersOf(values)));
    },
    async explain(runs) {
      settle();
      return explainProfile(await worker.call('profile', [id, runs]), runs);
    },
    async toOnnx() {
      const values = await Promise.all(
        traced.reads.map(({ variable }) => worker.call('read', [numbers.of(variable)])),
      );
      return exportModel(traced, inputs, values);
    },
    async dispose() {
      await worker.call('release', [id]).catch((error: unknown) => {
        // Where the thread is no more, there is nothing to free.
        if (!(error instanceof EngineCrashedError)) throw error;
      });
    },
  };
}

/** Shared memory is no one's to move. */
function buffersOf(arrays: readonly (Float32Array | Int32Array)[]): ArrayBuffer[] {
  const buffers = new Set<ArrayBufferLike>(arrays.map(({ buffer }) => buffer));
  return [...buffers].filter((buffer): buffer is ArrayBuffer => buffer instanceof ArrayBuffer);
}
