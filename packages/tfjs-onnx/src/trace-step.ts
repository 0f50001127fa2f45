import { engine, Tensor, tidy, type Variable } from '@tensorflow/tfjs-core';
import { StepVariables } from './step-variables.js';
import { Trace, elementType } from './trace.js';
import type { TraceBackend } from './trace-backend.js';
import type { Step } from './compile-step.js';
import type { ShapedInput } from './resolve-shapes.js';
import type { GraphBuilder } from './graph/graph-builder.js';

/** A step as a graph, and what its inputs and outputs are called in it. */
export interface TracedStep {
  readonly graph: GraphBuilder;
  /** Name of each step input, undefined for one that the step does not use. */
  readonly inputs: readonly (string | undefined)[];
  readonly outputs: readonly { readonly name: string; readonly shape: readonly number[] }[];
  /** The variables that the step reads. */
  readonly reads: readonly { readonly name: string; readonly variable: Variable }[];
  /** The variables that the step assigns. */
  readonly writes: readonly { readonly name: string; readonly variable: Variable }[];
}

/** Runs a step function once with symbolic inputs; the variables are left as they were. */
export function traceStep(
  backend: TraceBackend,
  step: Step,
  specs: readonly ShapedInput[],
  declared: readonly Variable[],
): TracedStep {
  if (backend.trace) throw new Error('A step cannot be compiled while another one is.');
  const variables = new StepVariables(backend, declared);
  const trace = new Trace(backend, (variable) => {
    variables.check(trace, variable);
  });
  backend.trace = trace;
  let traced: TracedStep | undefined;
  try {
    for (const variable of new Set(declared)) variables.bind(trace, variable);
    tidy(() => {
      const inputs = specs.map(({ name, shape, dtype }, i) => {
        const value = trace.graph.input(`input${i}_${name}`, shape, elementType(dtype));
        return engine().makeTensorFromTensorInfo(trace.tensor(value, shape, dtype));
      });
      const results: unknown = step(...inputs);
      traced = describe(trace, tensorsOf(results), specs, variables);
    });
  } finally {
    backend.trace = undefined;
    variables.restore();
  }
  if (!traced) throw new Error('The step was not traced.');
  return traced;
}

function describe(
  trace: Trace,
  results: readonly Tensor[],
  specs: readonly ShapedInput[],
  variables: StepVariables,
): TracedStep {
  const { graph } = trace;
  const outputs = results.map((tensor) => {
    if (tensor.dtype !== 'float32') {
      throw new TypeError(`Expected float32 outputs of a step but received ${tensor.dtype}.`);
    }
    return {
      name: graph.output(trace.value(tensor), tensor.shape, 'float32'),
      shape: tensor.shape,
    };
  });
  const writes = variables.writes().map((variable) => ({
    name: graph.output(trace.value(variable), variable.shape, 'float32'),
    variable,
  }));
  const used = new Set(graph.liveNodes().flatMap(({ inputs }) => inputs));
  const reads = variables.reads().filter(({ name }) => used.has(name));
  const inputs = specs.map(({ name }, i) => {
    const value = `input${i}_${name}`;
    return used.has(value) ? value : undefined;
  });
  return { graph, inputs, outputs, reads, writes };
}

/** @throws TypeError for anything but a list of tensors, such as the promise of an async function */
function tensorsOf(results: unknown): readonly Tensor[] {
  if (Array.isArray(results) && results.every((result) => result instanceof Tensor)) return results;
  // What an async step throws is thrown here already.
  if (results instanceof Promise) results.catch(() => undefined);
  const received = results instanceof Promise ? 'a promise; it must not be async' : typeof results;
  throw new TypeError(`Expected a step that returns a list of tensors but received ${received}.`);
}
