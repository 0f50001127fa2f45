import type { Runtime } from '../load-runtime.js';
import { NonFiniteError } from '../errors.js';
import { sizeOf } from '../size-of.js';
import { profileModel, type NodeTime } from './profile-model.js';
import { VariableValues } from './variable-values.js';

/** A compiled graph and what its inputs and outputs are, in the order of a step's. */
interface StepModel {
  /** The bytes of the ONNX model. */
  readonly model: Uint8Array;
  readonly threads: number;
  readonly inputs: readonly ModelInput[];
  readonly outputs: readonly { readonly name: string; readonly shape: readonly number[] }[];
  /** Graph inputs that are variables, and the variables' numbers. */
  readonly reads: readonly VariableValue[];
  /** Graph outputs that become variables' values. */
  readonly writes: readonly VariableValue[];
}

interface ModelInput {
  /** Undefined for an input that the step does not use. */
  readonly name: string | undefined;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
}

interface VariableValue {
  readonly name: string;
  readonly variable: number;
}

/** What runs in the engine's worker thread: sessions of onnxruntime and the variables that they share. */
export interface SessionHost {
  /** Compiles a model under a number. */
  readonly create: (id: number, step: StepModel) => Promise<void>;
  /**
   * Runs a model once.
   *
   * @throws NonFiniteError when an output is NaN or infinite; the variables keep their values then
   */
  readonly run: (
    id: number,
    inputs: readonly (Float32Array | Int32Array)[],
  ) => Promise<Float32Array[]>;
  /** Times a model's nodes over some runs on zeros; the variables keep their values. */
  readonly profile: (id: number, runs: number) => Promise<NodeTime[]>;
  readonly release: (id: number) => Promise<void>;
  readonly declare: (variable: number, shape: readonly number[], values: Float32Array) => void;
  readonly read: (variable: number) => Float32Array;
  readonly write: (variable: number, values: Float32Array) => void;
  readonly forget: (variable: number) => void;
}

interface OpenSession {
  readonly session: Runtime.InferenceSession;
  readonly step: StepModel;
}

/** Opens a host without sessions and variables. */
export function openSessionHost(runtime: typeof Runtime): SessionHost {
  const variables = new VariableValues(runtime);
  const sessions = new Map<number, OpenSession>();

  function opened(id: number): OpenSession {
    const open = sessions.get(id);
    if (!open) throw new Error('Expected a step that is not disposed of.');
    return open;
  }

  function feedsOf(step: StepModel, inputs: readonly (Float32Array | Int32Array)[]) {
    const feeds: Record<string, Runtime.Tensor> = {};
    step.inputs.forEach(({ name, shape, dtype }, i) => {
      const values = inputs[i];
      if (name !== undefined && values) feeds[name] = new runtime.Tensor(dtype, values, shape);
    });
    for (const { name, variable } of step.reads) feeds[name] = variables.of(variable);
    return feeds;
  }

  return {
    async create(id, step) {
      const session = await runtime.InferenceSession.create(step.model, sessionOptions(step));
      sessions.set(id, { session, step });
    },
    async run(id, inputs) {
      const { session, step } = opened(id);
      // What the runtime returns is always a copy: outputs bound to buffers of ours would be a third one.
      const results = await session.run(feedsOf(step, inputs));
      const written = new Map<number, Runtime.Tensor>();
      for (const { name, variable } of step.writes) {
        const value = results[name];
        if (value) written.set(variable, value);
      }
      const outputs = step.outputs.map(({ name }) => results[name]?.data as Float32Array);
      outputs.forEach((values, i) => {
        const bad = values.find((value) => !Number.isFinite(value));
        if (bad !== undefined) throw new NonFiniteError(i, bad);
      });
      variables.replace(written);
      return outputs;
    },
    profile(id, runs) {
      const { step } = opened(id);
      const zeros = step.inputs.map(({ shape, dtype }) => {
        return new (dtype === 'int32' ? Int32Array : Float32Array)(sizeOf(shape));
      });
      const options = sessionOptions(step);
      return profileModel(runtime, step.model, options, feedsOf(step, zeros), runs);
    },
    async release(id) {
      const { session } = opened(id);
      sessions.delete(id);
      await session.release();
    },
    declare(variable, shape, values) {
      variables.declare(variable, shape, values);
    },
    read: (variable) => variables.read(variable),
    write(variable, values) {
      variables.write(variable, values);
    },
    forget(variable) {
      variables.forget(variable);
    },
  };
}

function sessionOptions({ threads }: StepModel): Runtime.InferenceSession.SessionOptions {
  return {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    // Its planned buffers cost page faults of seconds on large steps.
    enableMemPattern: false,
    // Errors are thrown; they need not be printed too.
    logSeverityLevel: 4,
  };
}
