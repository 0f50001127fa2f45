import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Attribute } from '../graph/graph-builder.js';
import type { Trace } from '../trace.js';
import { castValue, valueAs } from './cast.js';
import { kernel } from './register.js';

interface Unary {
  x: TensorInfo;
}

/** Registers the functions of one number. */
export function registerUnary(): void {
  for (const name of ['Exp', 'Log', 'Sqrt', 'Erf', 'Reciprocal']) real(name);
  for (const name of ['Sin', 'Cos', 'Tan', 'Asin', 'Acos', 'Atan']) real(name);
  for (const name of ['Sinh', 'Cosh', 'Asinh', 'Acosh', 'Atanh', 'Tanh']) real(name);
  for (const name of ['Sigmoid', 'Softplus', 'Elu', 'Selu']) real(name);
  for (const name of ['Floor', 'Ceil', 'Round']) whole(name);
  for (const name of ['Relu', 'Neg', 'Abs']) same(name);
  kernel<Unary, { alpha: number }>('LeakyRelu', (trace, { x }, { alpha }) =>
    realOf(trace, 'LeakyRelu', x, { alpha: { float: alpha } }),
  );
  kernel<Unary>('Square', (trace, { x }) => {
    const value = trace.value(x);
    return trace.tensor(trace.graph.op('Mul', [value, value]), x.shape, x.dtype);
  });
  kernel<Unary>('Rsqrt', (trace, { x }) => {
    const { graph } = trace;
    const root = graph.op('Sqrt', [valueAs(trace, x, 'float32')]);
    return trace.tensor(graph.op('Div', [graph.float(1), root]), x.shape, 'float32');
  });
  kernel<Unary>('Expm1', (trace, { x }) => {
    const { graph } = trace;
    const value = valueAs(trace, x, 'float32');
    // e^x - 1 = 2 tanh(x / 2) / (1 - tanh(x / 2)), which loses nothing near 0.
    const half = graph.op('Tanh', [graph.op('Mul', [value, graph.float(0.5)])]);
    const twice = graph.op('Add', [half, half]);
    const near = graph.op('Div', [twice, graph.op('Sub', [graph.float(1), half])]);
    const far = graph.op('Sub', [graph.op('Exp', [value]), graph.float(1)]);
    const isNear = graph.op('Less', [graph.op('Abs', [value]), graph.float(1)]);
    return trace.tensor(graph.op('Where', [isNear, near, far]), x.shape, 'float32');
  });
  kernel<Unary>('Log1p', (trace, { x }) => {
    const { graph } = trace;
    const value = valueAs(trace, x, 'float32');
    const sum = graph.op('Add', [value, graph.float(1)]);
    const log = graph.op('Log', [sum]);
    // What the sum loses of x, the logarithm loses in proportion (Goldberg, 1991, theorem 4).
    const held = graph.op('Sub', [sum, graph.float(1)]);
    const mended = graph.op('Mul', [log, graph.op('Div', [value, held])]);
    // Where nothing is lost there is nothing to mend, at infinity neither.
    const isWhole = graph.op('Equal', [held, value]);
    const far = graph.op('Where', [isWhole, log, mended]);
    const isNone = graph.op('Equal', [held, graph.float(0)]);
    return trace.tensor(graph.op('Where', [isNone, value, far]), x.shape, 'float32');
  });
  kernel<Unary>('Sign', (trace, { x }) => {
    // The runtime's Sign keeps NaN, TensorFlow.js's is 0 there.
    const { graph } = trace;
    const zero = graph.constant([0], [], x.dtype === 'int32' ? 'int32' : 'float32');
    const sides = ['Greater', 'Less'].map((type) =>
      castValue(
        trace,
        graph.op(type, [trace.value(x), zero]),
        x.dtype === 'int32' ? 'int32' : 'float32',
      ),
    );
    return trace.tensor(graph.op('Sub', sides), x.shape, x.dtype);
  });
  kernel<Unary, { alpha: number }>('Step', (trace, { x }, { alpha }) => {
    const { graph } = trace;
    const isPositive = graph.op('Greater', [valueAs(trace, x, 'float32'), graph.float(0)]);
    const steps = graph.op('Where', [isPositive, graph.float(1), graph.float(alpha)]);
    const result = x.dtype === 'int32' ? castValue(trace, steps, 'int32') : steps;
    return trace.tensor(result, x.shape, x.dtype);
  });
  kernel<Unary, { clipValueMin: number; clipValueMax: number }>(
    'ClipByValue',
    (trace, { x }, { clipValueMin, clipValueMax }) => clip(trace, x, clipValueMin, clipValueMax),
  );
  kernel<Unary>('Relu6', (trace, { x }) => clip(trace, x, 0, 6));
  kernel<Unary>('IsNan', (trace, { x }) => testOf(trace, 'IsNaN', x));
  kernel<Unary>('IsInf', (trace, { x }) => testOf(trace, 'IsInf', x));
  kernel<Unary>('IsFinite', (trace, { x }) => {
    const { graph } = trace;
    const value = valueAs(trace, x, 'float32');
    const isNot = graph.op('Or', [graph.op('IsNaN', [value]), graph.op('IsInf', [value])]);
    return trace.tensor(graph.op('Not', [isNot]), x.shape, 'bool');
  });
}

/** A function with float32 results, whatever the type of x. */
function real(name: string): void {
  kernel<Unary>(name, (trace, { x }) => realOf(trace, name, x));
}

function realOf(
  trace: Trace,
  onnxType: string,
  x: TensorInfo,
  attributes: Record<string, Attribute> = {},
): TensorInfo {
  const value = trace.graph.op(onnxType, [valueAs(trace, x, 'float32')], attributes);
  return trace.tensor(value, x.shape, 'float32');
}

/** A rounding: whole numbers stay as they are. */
function whole(name: string): void {
  kernel<Unary>(name, (trace, { x }) =>
    x.dtype === 'float32' ? realOf(trace, name, x) : trace.alias(x, x.shape),
  );
}

/** A function that keeps the type of x. */
function same(name: string): void {
  kernel<Unary>(name, (trace, { x }) =>
    trace.tensor(trace.graph.op(name, [trace.value(x)]), x.shape, x.dtype),
  );
}

function clip(trace: Trace, x: TensorInfo, low: number, high: number): TensorInfo {
  const type = x.dtype === 'int32' ? 'int32' : 'float32';
  const bounds = [low, high].map((bound) => trace.graph.constant([bound], [], type));
  return trace.tensor(trace.graph.op('Clip', [trace.value(x), ...bounds]), x.shape, x.dtype);
}

function testOf(trace: Trace, onnxType: string, x: TensorInfo): TensorInfo {
  return trace.tensor(trace.graph.op(onnxType, [valueAs(trace, x, 'float32')]), x.shape, 'bool');
}
