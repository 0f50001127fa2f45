import type { GraphBuilder, GraphNode } from './graph-builder.js';

/** Turns every positive float32 number into one that HardSigmoid clamps to 1. */
const STEEP = 3e38;

/**
 * The gradients of Relu and LeakyRelu as TensorFlow.js writes them, Where(x > 0, dy, alpha dy) and Where(x > 0, 1, alpha),
 * as products with a mask: the runtime's Where takes three passes on one thread. The mask is made from the
 * rectifier's result, so that its input need not be kept.
 *
 * @returns the value that stands for the Where, undefined where it is another one
 */
export function rectifierGradient(
  graph: GraphBuilder,
  [condition = '', then = '', otherwise = '']: readonly string[],
): string | undefined {
  const test = graph.nodeOf(condition);
  if (test?.type !== 'Greater' || graph.scalarOf(test.inputs[1]) !== 0) return undefined;
  const [x = ''] = test.inputs;
  const source = graph.rectifierOf(x) ?? x;
  if (graph.scalarOf(then) === 1) return mask(graph, source, graph.scalarOf(otherwise));
  const slopes = mask(graph, source, slopeOf(graph, graph.nodeOf(otherwise), then));
  return slopes && graph.op('Mul', [then, slopes]);
}

/** 1 where a value is positive, else the slope; undefined for a slope that no rectifier has. */
function mask(graph: GraphBuilder, value: string, slope: number | undefined): string | undefined {
  if (slope === undefined || slope < 0 || slope >= 1) return undefined;
  const ones = isPositive(graph, value);
  return slope === 0 ? ones : graph.op('Clip', [ones, graph.float(slope), graph.float(1)]);
}

/** 1 where a value is positive, else 0, in one pass. */
function isPositive(graph: GraphBuilder, value: string): string {
  return graph.op('HardSigmoid', [value], { alpha: { float: STEEP }, beta: { float: 0 } });
}

/** The number that `scaled` multiplies `value` by. */
function slopeOf(
  graph: GraphBuilder,
  scaled: GraphNode | undefined,
  value: string,
): number | undefined {
  if (scaled?.type !== 'Mul' || !scaled.inputs.includes(value)) return undefined;
  const [left, right] = scaled.inputs;
  return graph.scalarOf(left === value ? right : left);
}
