import onnxProto from 'onnx-proto';
import type { ShapedInput } from '../resolve-shapes.js';
import type { TracedStep } from '../trace-step.js';
import { encodeModel } from './encode-model.js';

const { onnx } = onnxProto;
const FLOAT = 1;

/**
 * A traced step as a model of its own: inputs have the step's names, outputs are `output0` and on, variables
 * have theirs. A variable that is only read is a constant; one that is assigned is an input, and its next value
 * an output `<name>/next`.
 *
 * @param values of the variables that the step reads, in order
 */
export function exportModel(
  traced: TracedStep,
  inputs: readonly ShapedInput[],
  values: readonly Float32Array[],
): Uint8Array {
  const model = onnx.ModelProto.decode(encodeModel(traced.graph));
  const names = new Map<string, string>();
  traced.inputs.forEach((name, i) => {
    if (name !== undefined) names.set(name, inputs[i]?.name ?? name);
  });
  traced.outputs.forEach(({ name }, i) => names.set(name, `output${i}`));
  for (const { name, variable } of traced.reads) names.set(name, variable.name);
  for (const { name, variable } of traced.writes) names.set(name, `${variable.name}/next`);
  const taken = new Set(names.values());
  /** The name of a value inside of the model: its own, unless an input, output or variable is called so. */
  const inner = (name: string): string => (taken.has(name) ? inner(`${name}_`) : name);
  const renamed = (name?: string | null) => names.get(name ?? '') ?? inner(name ?? '');

  const assigned = new Set(traced.writes.map(({ variable }) => variable.name));
  const initializers = traced.reads.flatMap(({ variable }, i) => {
    if (assigned.has(variable.name)) return [];
    const { buffer, byteOffset, byteLength } = values[i] ?? new Float32Array(0);
    const rawData = new Uint8Array(buffer, byteOffset, byteLength);
    return [{ name: variable.name, dims: [...variable.shape], dataType: FLOAT, rawData }];
  });
  const read = new Set(initializers.map(({ name }) => name));
  const graph = model.graph ?? {};
  for (const node of graph.node ?? []) {
    node.input = (node.input ?? []).map(renamed);
    node.output = (node.output ?? []).map(renamed);
  }
  for (const value of [...(graph.input ?? []), ...(graph.output ?? [])]) {
    value.name = renamed(value.name);
  }
  // The step's own inputs come first.
  graph.input = (graph.input ?? [])
    .filter(({ name }) => !read.has(name ?? ''))
    .sort((a, b) => Number(assigned.has(a.name ?? '')) - Number(assigned.has(b.name ?? '')));
  for (const constant of graph.initializer ?? []) constant.name = renamed(constant.name);
  graph.initializer = [...(graph.initializer ?? []), ...initializers];
  return onnx.ModelProto.encode(model).finish();
}
