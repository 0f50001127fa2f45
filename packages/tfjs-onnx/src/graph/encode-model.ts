import onnxProto from 'onnx-proto';
import type { Attribute, ElementType, GraphBuilder, GraphValue } from './graph-builder.js';

const { onnx } = onnxProto;

/** The version of ONNX's operators that the kernels are written for. */
const OPSET = 18;
/** The format version that goes with it; newer runtimes read it. */
const IR_VERSION = 9;

const elementTypes: Record<ElementType, number> = { float32: 1, int32: 6, int64: 7, bool: 9 };
const attributeTypes = { float: 1, int: 2, string: 3, ints: 7 } as const;

/** Serialises a graph as an ONNX model; nodes and constants that no output needs are left out. */
export function encodeModel(graph: GraphBuilder, nodes = graph.liveNodes()): Uint8Array {
  const used = new Set(nodes.flatMap(({ inputs }) => inputs));
  const model = onnx.ModelProto.create({
    irVersion: IR_VERSION,
    opsetImport: [
      { domain: '', version: OPSET },
      { domain: 'com.microsoft', version: 1 },
    ],
    graph: {
      name: 'step',
      node: nodes.map(({ type, inputs, output, attributes, domain }) => ({
        opType: type,
        input: [...inputs],
        output: [output],
        domain,
        name: `${type}_${output}`,
        attribute: Object.entries(attributes).map(([name, value]) => encodeAttribute(name, value)),
      })),
      input: graph.inputs.filter(({ name }) => used.has(name)).map(encodeValue),
      output: graph.outputs.map(encodeValue),
      initializer: graph.constants
        .filter(({ name }) => used.has(name))
        .map(({ name, shape, type, data }) => ({
          name,
          dims: [...shape],
          dataType: elementTypes[type],
          rawData: data,
        })),
    },
  });
  return onnx.ModelProto.encode(model).finish();
}

function encodeValue({ name, shape, type }: GraphValue) {
  const dim = shape.map((dimValue) => ({ dimValue }));
  return { name, type: { tensorType: { elemType: elementTypes[type], shape: { dim } } } };
}

function encodeAttribute(name: string, value: Attribute) {
  if (typeof value === 'number') return { name, type: attributeTypes.int, i: value };
  if ('float' in value) return { name, type: attributeTypes.float, f: value.float };
  if ('string' in value) {
    return { name, type: attributeTypes.string, s: new TextEncoder().encode(value.string) };
  }
  return { name, type: attributeTypes.ints, ints: [...value] };
}
