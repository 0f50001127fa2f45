import { backend_util, type DataType, type TensorInfo } from '@tensorflow/tfjs-core';
import { elementType, type Trace } from '../trace.js';
import { apply } from './apply.js';
import { asType, castValue, valueAs } from './cast.js';
import { kernel } from './register.js';
import { widenOperands } from './wide-rows.js';

interface Binary {
  a: TensorInfo;
  b: TensorInfo;
}

/** Registers the functions of two numbers, with broadcasting. */
export function registerBinary(): void {
  arithmetic('Add', 'Add', (a, b) => a + b, { right: 0, left: 0 });
  arithmetic('Sub', 'Sub', (a, b) => a - b, { right: 0 });
  arithmetic('Multiply', 'Mul', (a, b) => a * b, { right: 1, left: 1 });
  arithmetic('RealDiv', 'Div', (a, b) => a / b, { right: 1 });
  arithmetic('Maximum', 'Max', Math.max);
  arithmetic('Minimum', 'Min', Math.min);
  arithmetic('Pow', 'Pow', Math.pow, { right: 1 });
  numeric('SquaredDifference', (trace, { a, b }) => {
    const difference = trace.graph.op('Sub', [trace.value(a), trace.value(b)]);
    const shape = broadcast(a, b);
    return trace.tensor(trace.graph.op('Mul', [difference, difference]), shape, a.dtype);
  });
  kernel<Binary>('FloorDiv', (trace, { a, b }) =>
    inDoubles(trace, a, b, 'int32', (x, y) =>
      trace.graph.op('Floor', [trace.graph.op('Div', [x, y])]),
    ),
  );
  kernel<Binary>('Mod', (trace, { a, b }) =>
    // The remainder takes the divisor's sign.
    inDoubles(trace, a, b, a.dtype, (x, y) => {
      const quotient = trace.graph.op('Floor', [trace.graph.op('Div', [x, y])]);
      return trace.graph.op('Sub', [x, trace.graph.op('Mul', [quotient, y])]);
    }),
  );
  kernel<Binary>('Atan2', (trace, { a, b }) => arcTangent(trace, a, b));
  kernel<{ x: TensorInfo; alpha: TensorInfo }>('Prelu', (trace, { x, alpha }) => {
    const { graph } = trace;
    const value = valueAs(trace, x, 'float32');
    const scaled = graph.op('Mul', [value, valueAs(trace, alpha, 'float32')]);
    const isNegative = graph.op('Less', [value, graph.float(0)]);
    return trace.tensor(
      graph.op('Where', [isNegative, scaled, value]),
      broadcast(x, alpha),
      'float32',
    );
  });
  kernel<{ dy: TensorInfo; y: TensorInfo }>('EluGrad', (trace, { dy, y }) => {
    const { graph } = trace;
    const slope = graph.op('Min', [
      graph.op('Add', [trace.value(y), graph.float(1)]),
      graph.float(1),
    ]);
    return trace.tensor(graph.op('Mul', [trace.value(dy), slope]), y.shape, y.dtype);
  });
  kernel<Record<number, TensorInfo>>('AddN', (trace, inputs) => {
    const [first, ...rest] = Object.values(inputs);
    if (!first) throw new RangeError('Expected at least one tensor for AddN but received none.');
    const start = trace.alias(first, first.shape);
    return rest.reduce((sum, tensor) => apply(trace, 'Add', { a: sum, b: tensor }), start);
  });
}

/** A function of two numbers, which truth values are too: 0 and 1, and what comes to anything but 0 is true. */
function numeric(name: string, append: (trace: Trace, operands: Binary) => TensorInfo): void {
  kernel<Binary>(name, (trace, { a, b }) => {
    if (a.dtype !== 'bool' || b.dtype !== 'bool') return append(trace, { a, b });
    // Floats, because dividing int32 by 0 ends the process.
    const number = (truth: TensorInfo) => asType(trace, truth, 'float32');
    return asType(trace, append(trace, { a: number(a), b: number(b) }), 'bool');
  });
}

/** @param neutral the operand that leaves the other one as it is */
function arithmetic(
  name: string,
  onnxType: string,
  fold: (a: number, b: number) => number,
  neutral: { left?: number; right?: number } = {},
): void {
  numeric(name, (trace, { a, b }) => {
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
  return { value: graph.reshape(flat, shape), flat };
}

/** A splat beside a tensor of the result's shape is one number, not an expanded tensor. */
export function operand(
  trace: Trace,
  own: TensorInfo,
  other: TensorInfo,
  shape: readonly number[],
): string {
  const splat = trace.splatOf(own);
  if (splat === undefined || !isShape(other, shape)) return trace.value(own);
  return trace.graph.constant([splat], [], elementType(own.dtype));
}

export function broadcast(a: TensorInfo, b: TensorInfo): number[] {
  return backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
}

function isShape(tensor: TensorInfo, shape: readonly number[]): boolean {
  return tensor.shape.join() === shape.join();
}

/** Divides in doubles, as TensorFlow.js does: exact for whole numbers, and dividing by 0 ends no process. */
function inDoubles(
  trace: Trace,
  a: TensorInfo,
  b: TensorInfo,
  dtype: DataType,
  compute: (a: string, b: string) => string,
): TensorInfo {
  const double = (tensor: TensorInfo) => castValue(trace, trace.value(tensor), 'float64');
  const result = castValue(trace, compute(double(a), double(b)), elementType(dtype));
  return trace.tensor(result, broadcast(a, b), dtype);
}

/** The angle of the point (b, a): the arc tangent of a / b, turned by half a circle left of the origin. */
function arcTangent(trace: Trace, a: TensorInfo, b: TensorInfo): TensorInfo {
  const { graph } = trace;
  const [y, x] = [valueAs(trace, a, 'float32'), valueAs(trace, b, 'float32')];
  const zero = graph.float(0);
  const isBelow = graph.op('Less', [y, zero]);
  const isLeft = graph.op('Less', [x, zero]);
  const angle = graph.op('Atan', [graph.op('Div', [y, x])]);
  const half = graph.op('Where', [isBelow, graph.float(-Math.PI), graph.float(Math.PI)]);
  const turned = graph.op('Where', [isLeft, graph.op('Add', [angle, half]), angle]);
  const isOrigin = graph.op('And', [graph.op('Equal', [y, zero]), graph.op('Equal', [x, zero])]);
  return trace.tensor(graph.op('Where', [isOrigin, zero, turned]), broadcast(a, b), 'float32');
}
