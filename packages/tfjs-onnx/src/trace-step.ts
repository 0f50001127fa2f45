import { engine, tidy, type DataId, type Tensor, type Variable } from '@tensorflow/tfjs-core';
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
  variables: readonly Variable[],
): TracedStep {
  if (backend.trace) throw new Error('A step cannot be compiled while another one is.');
  const names = new Map<DataId, string>(variables.map(({ dataId }, i) => [dataId, `variable${i}`]));
  const others = Object.values(engine().state.registeredVariables).filter(
    ({ dataId }) => !names.has(dataId),
  );
  const trace = new Trace(
    backend,
    names,
    new Map(others.map(({ dataId, name }) => [dataId, name])),
  );
  const originals = variables.map(({ dataId }) => dataId);
  originals.forEach((id) => {
    // An assignment must not free the value that the variable goes back to.
    backend.incRef(id);
  });
  backend.trace = trace;
  let traced: TracedStep | undefined;
  try {
    tidy(() => {
      const inputs = specs.map(({ name, shape, dtype }, i) => {
        const value = trace.graph.input(`input${i}_${name}`, shape, elementType(dtype));
        return engine().makeTensorFromTensorInfo(trace.tensor(value, shape, dtype));
      });
      const results = step(...inputs);
      traced = describe(trace, results, specs, variables, originals);
    });
  } finally {
    backend.trace = undefined;
    variables.forEach((variable, i) => {
      restore(backend, variable, originals[i] ?? {});
    });
  }
  if (!traced) throw new Error('The step was not traced.');
  return traced;
}

function describe(
  trace: Trace,
  results: readonly Tensor[],
  specs: readonly ShapedInput[],
  variables: readonly Variable[],
  originals: readonly DataId[],
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
  const writes = variables.flatMap((variable, i) =>
    variable.dataId === originals[i]
      ? []
      : [{ name: graph.output(trace.value(variable), variable.shape, 'float32'), variable }],
  );
  const used = new Set(graph.liveNodes().flatMap(({ inputs }) => inputs));
  const reads = variables.flatMap((variable, i) =>
    used.has(`variable${i}`) ? [{ name: `variable${i}`, variable }] : [],
  );
  const inputs = specs.map(({ name }, i) => {
    const value = `input${i}_${name}`;
    return used.has(value) ? value : undefined;
  });
  return { graph, inputs, outputs, reads, writes };
}

/** Gives a variable the tensor data back that it had before the trace. */
function restore(backend: TraceBackend, variable: Variable, original: DataId): void {
  if (variable.dataId !== original) {
    engine().disposeTensor(variable);
    variable.dataId = original;
    engine().incRef(variable, backend);
  }
  backend.disposeData(original);
}
