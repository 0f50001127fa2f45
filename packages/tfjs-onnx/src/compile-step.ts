import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import { compileShape, type CompilerContext, type ShapedStep } from './compile-shape.js';
import type { StepProfile } from './explain-profile.js';
import { fixedShapes, resolveShapes, type InputSpec, type ShapedInput } from './resolve-shapes.js';

/**
 * A TensorFlow.js function of inputs and variables, with gradients and assignments as it likes; it
 * must not read values, branch on them, or draw random numbers.
 */
export type Step = (...inputs: Tensor[]) => Tensor[];

/** What a step is compiled for. */
export interface CompileOptions {
  readonly inputs: readonly InputSpec[];
  /** Every variable that the step reads or assigns, optimizer slots included; float32. */
  readonly variables: readonly Variable[];
  /** Whether the arrays that `run` is given move to the engine (they are empty afterwards) or are copied. */
  readonly transfer?: boolean;
}

/** A step as a compiled graph. */
export interface CompiledStep {
  /**
   * Runs the step once.
   *
   * @param inputs one array per input, in order
   * @returns one new array per output; assigned variables have their new values
   * @throws TypeError or RangeError naming the input whose type or length is wrong
   * @throws NonFiniteError when an output is not finite; variables keep their values then
   * @throws EngineCrashedError when the engine's thread is no more, or there is no memory for the step
   */
  run(...inputs: readonly (Float32Array | Int32Array)[]): Promise<Float32Array[]>;
  /**
   * Times every operation as onnxruntime runs it, over `runs` runs on zeros that change no variable.
   *
   * @throws Error when no shape of its inputs is known yet, because none was run
   */
  explain(runs?: number): Promise<StepProfile>;
  /**
   * The step as an ONNX model, with the variables' values of now: constants where the step only reads
   * them, inputs and outputs where it assigns them.
   *
   * @throws Error when no shape of its inputs is known yet, because none was run
   */
  toOnnx(): Promise<Uint8Array>;
  /** Of the shape that was asked for last, and the number of shapes. */
  readonly stats: {
    readonly nodes: number;
    readonly traceMs: number;
    readonly compileMs: number;
    readonly shapes: number;
  };
  dispose(): Promise<void>;
}

/** Compiles a step: at once when all shapes are fixed, else for each shape that it is run with. */
export async function compileStep(
  context: CompilerContext,
  step: Step,
  { inputs: specs, variables: declared, transfer = false }: CompileOptions,
): Promise<CompiledStep> {
  const shapes = new Map<string, ShapedStep>();
  let latest: ShapedStep | undefined;
  let variables = declared;
  let compileMs = 0;

  function stepFor(inputs: readonly ShapedInput[]): ShapedStep {
    const key = inputs.map(({ shape }) => shape.join()).join(';');
    const known = shapes.get(key);
    if (known) return (latest = known);
    const shaped = compileShape(context, step, inputs, variables);
    shapes.set(key, shaped);
    ({ variables } = shaped);
    shaped.compiled.then(
      (ms) => (compileMs = ms),
      // One that fails is tried again.
      () => shapes.delete(key),
    );
    return (latest = shaped);
  }

  function lastShape(): ShapedStep {
    if (latest) return latest;
    throw new Error('The shapes of its inputs are not known before the step has been run once.');
  }

  const fixed = fixedShapes(specs);
  if (fixed) await stepFor(fixed).compiled;
  return {
    // Asks the engine before it returns: runs and reads of variables keep their order.
    async run(...inputs) {
      const shaped = stepFor(resolveShapes(specs, inputs));
      return shaped.run(transfer ? inputs : inputs.map((values) => values.slice()));
    },
    explain: async (runs = 10) => lastShape().explain(runs),
    toOnnx: async () => lastShape().toOnnx(),
    get stats() {
      const { nodes = 0, traceMs = 0 } = latest ?? {};
      return { nodes, traceMs, compileMs, shapes: shapes.size };
    },
    async dispose() {
      const open = [...shapes.values()];
      shapes.clear();
      for (const shaped of open) await shaped.dispose();
    },
  };
}
