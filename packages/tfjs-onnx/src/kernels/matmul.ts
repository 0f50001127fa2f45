import { backend_util, util, type TensorInfo } from '@tensorflow/tfjs-core';
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
