import { sizeOf } from '../size-of.js';
import type { GraphBuilder, GraphConstant, GraphNode } from './graph-builder.js';

/** ONNX's number of the type. */
const INT64 = 7;
/** Buffers of fewer elements are not worth a node. */
const LARGE = 2 ** 16;

/**
 * The live nodes of a graph, with reshapes to shapes that are known only when it runs. onnxruntime plans ahead
 * which tensors of one shape share a buffer, and holds it from the first of them to the last: more than half of
 * what a large step holds, it holds for later. Of tensors without a known shape it frees each after its last use.
 */
export function hideShapes(graph: GraphBuilder): GraphNode[] {
  const nodes = graph.liveNodes();
  const constants = new Map(graph.constants.map((constant) => [constant.name, constant]));
  const used = new Set(nodes.flatMap(({ inputs }) => inputs));
  const [smallest] = graph.inputs
    .filter(({ name }) => used.has(name))
    .sort((a, b) => sizeOf(a.shape) - sizeOf(b.shape));
  if (!smallest) return nodes;
  const zero = zeroOf(smallest.name);
  const hidden = new Map<string, GraphNode>();
  const reshaped = nodes.map((node) => {
    const [value = '', shape = ''] = node.inputs;
    const known = constants.get(shape);
    if (node.type !== 'Reshape' || !known || sizeOf(numbersOf(known)) < LARGE) return node;
    const sum = hidden.get(shape) ?? nodeOf('Add', [shape, zero.value], `${shape}_later`);
    hidden.set(shape, sum);
    return { ...node, inputs: [value, sum.output] };
  });
  return hidden.size === 0 ? nodes : [...zero.nodes, ...hidden.values(), ...reshaped];
}

function numbersOf({ data }: GraphConstant): number[] {
  return Array.from(new BigInt64Array(data.slice().buffer), Number);
}

/** A zero that is computed, from any input: no number is greater than itself. */
function zeroOf(input: string): { value: string; nodes: GraphNode[] } {
  const nodes = [
    nodeOf('Greater', [input, input], 'later_is_greater'),
    nodeOf('Cast', ['later_is_greater'], 'later_zeros', { to: INT64 }),
    nodeOf('ReduceSum', ['later_zeros'], 'later_zero', { keepdims: 0 }),
  ];
  return { value: 'later_zero', nodes };
}

function nodeOf(
  type: string,
  inputs: readonly string[],
  output: string,
  attributes: GraphNode['attributes'] = {},
): GraphNode {
  return { type, inputs, output, attributes, domain: '' };
}
