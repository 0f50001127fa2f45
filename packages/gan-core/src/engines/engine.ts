import type { Variable } from '@tensorflow/tfjs-core';
import type { CompiledStep, CompileOptions, Step } from '@evenset/tfjs-onnx';

/** The engines by name; `auto` tries the first and then the embedded one. */
export const engineNames = ['tfjs-node-gpu', 'tfjs-node', 'onnx', 'cpu'] as const;
export type EngineName = (typeof engineNames)[number];

/** A step that is ready to run. */
export type RunnableStep = Pick<CompiledStep, 'run' | 'dispose'>;

/** What computes: TensorFlow.js steps in, numbers out. */
export interface Engine {
  readonly name: EngineName;
  /** What really runs, for people: `CPU, 2 threads (onnxruntime 1.30.0)`. */
  readonly device: string;
  /** CPU threads, which decide the last bits of sums; undefined where the backend keeps them to itself. */
  readonly threads: number | undefined;
  /** Makes its backend TensorFlow.js's current one: variables that are made from then on belong to it. */
  activate(): Promise<void>;
  /** Compiles a step; all steps of an engine share their variables. */
  compile(step: Step, options: CompileOptions): Promise<RunnableStep>;
  /** A copy of a variable's value. */
  read(variable: Variable): Promise<Float32Array>;
  write(variable: Variable, values: Float32Array): Promise<void>;
  dispose(): Promise<void>;
}

/** An engine that was asked for is not available; the message says how to get it. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
}
