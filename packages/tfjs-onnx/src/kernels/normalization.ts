import type { TensorInfo } from '@tensorflow/tfjs-core';
import { kernel } from './register.js';

interface BatchNorm {
  x: TensorInfo;
  mean: TensorInfo;
  variance: TensorInfo;
  offset?: TensorInfo;
  scale?: TensorInfo;
}

/** Registers softmax and the normalization of batches by given statistics. */
export function registerNormalization(): void {
  kernel<{ logits: TensorInfo }, { dim: number }>('Softmax', (trace, { logits }, { dim }) =>
    trace.tensor(
      trace.graph.op('Softmax', [trace.value(logits)], { axis: dim }),
      logits.shape,
      logits.dtype,
    ),
  );
  kernel<{ logits: TensorInfo }, { axis: number }>('LogSoftmax', (trace, { logits }, { axis }) =>
    trace.tensor(
      trace.graph.op('LogSoftmax', [trace.value(logits)], { axis }),
      logits.shape,
      logits.dtype,
    ),
  );
  kernel<BatchNorm, { varianceEpsilon: number | null }>(
    'FusedBatchNorm',
    (trace, { x, mean, variance, offset, scale }, { varianceEpsilon }) => {
      const { graph } = trace;
      const padded = graph.op('Add', [trace.value(variance), graph.float(varianceEpsilon ?? 1e-3)]);
      const gain = scale ? trace.value(scale) : graph.float(1);
      const factor = graph.op('Div', [gain, graph.op('Sqrt', [padded])]);
      const centred = graph.op('Sub', [trace.value(x), trace.value(mean)]);
      const scaled = graph.op('Mul', [centred, factor]);
      const result = offset ? graph.op('Add', [scaled, trace.value(offset)]) : scaled;
      return trace.tensor(result, x.shape, x.dtype);
    },
  );
}
