import { backend_util, util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Trace } from '../trace.js';
import { apply } from './apply.js';
import { asType } from './cast.js';
import { kernel } from './register.js';

/** Registers matrix products. */
export function registerMatMul(): void {
  kernel<{ a: TensorInfo; b: TensorInfo }, { transposeA: boolean; transposeB: boolean }>(
    'BatchMatMul',
    (trace, { a, b }, { transposeA, transposeB }) => {
      const { graph } = trace;
      const rank = a.shape.length;
      const rows = a.shape[rank - (transposeA ? 1 : 2)] ?? 1;
      const columns = b.shape[b.shape.length - (transposeB ? 2 : 1)] ?? 1;
      const inner = [
        a.shape[rank - (transposeA ? 2 : 1)],
        b.shape[b.shape.length - (transposeB ? 1 : 2)],
      ];
      if (inner[0] !== inner[1]) {
        throw new RangeError(
          `Expected matrices with one inner length but received [${a.shape.join(', ')}] and [${b.shape.join(', ')}].`,
        );
      }
      const [outerA, outerB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
      const outer = backend_util.assertAndGetBroadcastShape(outerA, outerB);
      const shape = [...outer, rows, columns];
      if (a.dtype !== 'float32') {
        const operands = [turned(trace, a, transposeA), turned(trace, b, transposeB)];
        const product = graph.op('MatMul', operands);
        return asType(trace, trace.tensor(product, shape, 'int32'), a.dtype);
      }
      if (util.sizeFromShape(outer) === 1) {
        const operands = [
          trace.reshaped(a, a.shape.slice(-2)),
          trace.reshaped(b, b.shape.slice(-2)),
        ];
        const product =
          transposeA || transposeB
            ? graph.op('Gemm', operands, { transA: Number(transposeA), transB: Number(transposeB) })
            : graph.op('MatMul', operands);
        return trace.alias(trace.tensor(product, [rows, columns], a.dtype), shape);
      }
      const attributes = { transA: Number(transposeA), transB: Number(transposeB) };
      const product = graph.op(
        'FusedMatMul',
        [trace.value(a), trace.value(b)],
        attributes,
        'com.microsoft',
      );
      return trace.tensor(product, shape, a.dtype);
    },
  );
}

/** Matrices as int32, transposed by a node of their own: Gemm and FusedMatMul take floats only. */
function turned(trace: Trace, x: TensorInfo, isTransposed: boolean): string {
  const whole = asType(trace, x, 'int32');
  if (!isTransposed) return trace.value(whole);
  const rank = x.shape.length;
  const perm = x.shape.map((_, axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis));
  return trace.value(apply(trace, 'Transpose', { x: whole }, { perm }));
}
