import { backend_util, type DataType, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Attribute } from '../graph/graph-builder.js';
import { elementType, type Trace } from '../trace.js';
import { kernel } from './register.js';
import { widenOperands } from './wide-rows.js';

interface Binary {
  a: TensorInfo;
  b: TensorInfo;
}
interface Unary {
  x: TensorInfo;
}

/** Registers the element-by-element operations. */
export function registerElementwise(): void {
  binary('Add', 'Add', (a, b) => a + b, { right: 0, left: 0 });
  binary('Sub', 'Sub', (a, b) => a - b, { right: 0 });
  binary('Multiply', 'Mul', (a, b) => a * b, { right: 1, left: 1 });
  binary('RealDiv', 'Div', (a, b) => a / b, { right: 1 });
  binary('Maximum', 'Max', Math.max);
  binary('Minimum', 'Min', Math.min);
  binary('Pow', 'Pow', Math.pow, { right: 1 });
  comparison('Greater', 'Greater');
  comparison('GreaterEqual', 'GreaterOrEqual');
  comparison('Less', 'Less');
  comparison('LessEqual', 'LessOrEqual');
  comparison('Equal', 'Equal');
  comparison('LogicalAnd', 'And');
  comparison('LogicalOr', 'Or');

  unary('Relu', 'Relu');
  unary('Tanh', 'Tanh');
  unary('Sigmoid', 'Sigmoid');
  unary('Softplus', 'Softplus');
  unary('Exp', 'Exp');
  unary('Log', 'Log');
  unary('Sqrt', 'Sqrt');
  unary('Neg', 'Neg');
  unary('Abs', 'Abs');
  unary('Sign', 'Sign');
  unary('Floor', 'Floor');
  unary('LogicalNot', 'Not');
  kernel<Unary, { alpha: number }>('LeakyRelu', (trace, { x }, { alpha }) =>
    same(trace, 'LeakyRelu', x, { alpha: { float: alpha } }),
  );

  kernel<Unary>('Square', (trace, { x }) => {
    const value = trace.value(x);
    return trace.tensor(trace.graph.op('Mul', [value, value]), x.shape, x.dtype);
  });
  kernel<Binary>('SquaredDifference', (trace, { a, b }) => {
    const difference = trace.graph.op('Sub', [trace.value(a), trace.value(b)]);
    const shape = broadcast(a, b);
    return trace.tensor(trace.graph.op('Mul', [difference, difference]), shape, a.dtype);
  });
  kernel<Unary>('Rsqrt', (trace, { x }) => {
    const { graph } = trace;
    const root = graph.op('Sqrt', [trace.value(x)]);
    return trace.tensor(graph.op('Div', [graph.float(1), root]), x.shape, x.dtype);
  });
  kernel<Unary>('Log1p', (trace, { x }) => {
    const { graph } = trace;
    const value = trace.value(x);
    const far = graph.op('Log', [graph.op('Add', [value, graph.float(1)])]);
    // Near 0 the sum loses what x holds: x - x^2 / 2 instead.
    const half = graph.op('Mul', [value, graph.float(0.5)]);
    const near = graph.op('Sub', [value, graph.op('Mul', [value, half])]);
    const isNear = graph.op('Less', [graph.op('Abs', [value]), graph.float(1e-4)]);
    return trace.tensor(graph.op('Where', [isNear, near, far]), x.shape, x.dtype);
  });
  kernel<Unary, { alpha: number }>('Step', (trace, { x }, { alpha }) => {
    const { graph } = trace;
    const isPositive = graph.op('Greater', [trace.value(x), graph.float(0)]);
    return trace.tensor(
      graph.op('Where', [isPositive, graph.float(1), graph.float(alpha)]),
      x.shape,
      x.dtype,
    );
  });
  kernel<Unary, { clipValueMin: number; clipValueMax: number }>(
    'ClipByValue',
    (trace, { x }, { clipValueMin, clipValueMax }) => {
      const { graph } = trace;
      const bounds = [graph.float(clipValueMin), graph.float(clipValueMax)];
      return trace.tensor(graph.op('Clip', [trace.value(x), ...bounds]), x.shape, x.dtype);
    },
  );
  kernel<Record<number, TensorInfo>>('AddN', (trace, inputs) => {
    const [first, ...rest] = Object.values(inputs);
    if (!first) throw new RangeError('Expected at least one tensor for AddN but received none.');
    const sum = rest.reduce(
      (value, tensor) => trace.graph.op('Add', [value, trace.value(tensor)]),
      trace.value(first),
    );
    return trace.tensor(sum, first.shape, first.dtype);
  });
  kernel<{ condition: TensorInfo; t: TensorInfo; e: TensorInfo }>(
    'Select',
    (trace, { condition, t, e }) =>
      trace.tensor(
        trace.graph.op(
          'Where',
          [condition, t, e].map((tensor) => trace.value(tensor)),
        ),
        t.shape,
        t.dtype,
      ),
  );
  kernel<Unary, { dtype: DataType }>('Cast', (trace, { x }, { dtype }) => {
    const splat = trace.splatOf(x);
    if (splat !== undefined) return trace.splat(castNumber(splat, x.dtype, dtype), x.shape, dtype);
    if (x.dtype === dtype) return trace.tensor(trace.value(x), x.shape, dtype);
    const to = { float32: 1, int32: 6, int64: 7, bool: 9 }[elementType(dtype)];
    return trace.tensor(trace.graph.op('Cast', [trace.value(x)], { to }), x.shape, dtype);
  });
}

function castNumber(value: number, from: DataType, to: DataType): number {
  if (from === 'bool' || to === 'bool') return value === 0 ? 0 : 1;
  return to === 'int32' ? Math.trunc(value) : value;
}

function unary(name: string, onnxType: string): void {
  kernel<Unary>(name, (trace, { x }) => same(trace, onnxType, x));
}

function same(
  trace: Trace,
  onnxType: string,
  x: TensorInfo,
  attributes: Record<string, Attribute> = {},
): TensorInfo {
  return trace.tensor(trace.graph.op(onnxType, [trace.value(x)], attributes), x.shape, x.dtype);
}

/** @param neutral the operand that leaves the other one as it is */
function binary(
  name: string,
  onnxType: string,
  fold: (a: number, b: number) => number,
  neutral: { left?: number; right?: number } = {},
): void {
  kernel<Binary>(name, (trace, { a, b }) => {
    const shape = broadcast(a, b);
    const dtype = a.dtype === 'bool' ? b.dtype : a.dtype;
    const [left, right] = [trace.splatOf(a), trace.splatOf(b)];
    if (left !== undefined && right !== undefined)
      return trace.splat(fold(left, right), shape, dtype);
    if (right !== undefined && right === neutral.right && isShape(a, shape)) {
      return trace.tensor(trace.value(a), shape, dtype);
    }
    if (left !== undefined && left === neutral.left && isShape(b, shape)) {
      return trace.tensor(trace.value(b), shape, dtype);
    }
    const isSplat = left !== undefined || right !== undefined;
    const wide = isSplat ? undefined : wideResult(trace, onnxType, a, b, shape);
    if (wide) return trace.tensor(wide.value, shape, dtype, wide.flat);
    const operands = [operand(trace, a, b, shape), operand(trace, b, a, shape)];
    return trace.tensor(trace.graph.op(onnxType, operands), shape, dtype);
  });
}

/** The operation on long rows, where one operand is broadcast along short ones. */
function wideResult(
  trace: Trace,
  onnxType: string,
  a: TensorInfo,
  b: TensorInfo,
  shape: readonly number[],
): { value: string; flat: string } | undefined {
  const isLeft = isShape(a, shape);
  if (isLeft === isShape(b, shape)) return undefined;
  const wide = isLeft ? widenOperands(trace, a, b) : widenOperands(trace, b, a);
  if (!wide) return undefined;
  const { graph } = trace;
  const flat = graph.op(onnxType, isLeft ? [wide.image, wide.vector] : [wide.vector, wide.image]);
  return { value: graph.op('Reshape', [flat, graph.ints(shape)]), flat };
}

function comparison(name: string, onnxType: string): void {
  kernel<Binary>(name, (trace, { a, b }) => {
    const shape = broadcast(a, b);
    const operands = [operand(trace, a, b, shape), operand(trace, b, a, shape)];
    return trace.tensor(trace.graph.op(onnxType, operands), shape, 'bool');
  });
}

/** A splat beside a tensor of the result's shape is one number, not an expanded tensor. */
function operand(
  trace: Trace,
  own: TensorInfo,
  other: TensorInfo,
  shape: readonly number[],
): string {
  const splat = trace.splatOf(own);
  if (splat === undefined || !isShape(other, shape)) return trace.value(own);
  return trace.graph.constant([splat], [], elementType(own.dtype));
}

function broadcast(a: TensorInfo, b: TensorInfo): number[] {
  return backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
}

function isShape(tensor: TensorInfo, shape: readonly number[]): boolean {
  return tensor.shape.join() === shape.join();
}
