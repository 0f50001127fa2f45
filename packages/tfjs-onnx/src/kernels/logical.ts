import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Trace } from '../trace.js';
import { broadcast, operand } from './binary.js';
import { castValue } from './cast.js';
import { kernel } from './register.js';

interface Binary {
  a: TensorInfo;
  b: TensorInfo;
}

/** Registers comparisons, truth functions and the choice between two tensors. */
export function registerLogical(): void {
  comparison('Greater', 'Greater');
  comparison('GreaterEqual', 'GreaterOrEqual');
  comparison('Less', 'Less');
  comparison('LessEqual', 'LessOrEqual');
  comparison('Equal', 'Equal');
  truth('LogicalAnd', 'And');
  truth('LogicalOr', 'Or');
  truth('LogicalXor', 'Xor');
  kernel<Binary>('NotEqual', (trace, { a, b }) => {
    const equal = trace.graph.op('Equal', numbers(trace, a, b));
    return trace.tensor(trace.graph.op('Not', [equal]), broadcast(a, b), 'bool');
  });
  kernel<{ x: TensorInfo }>('LogicalNot', (trace, { x }) =>
    trace.tensor(trace.graph.op('Not', [trace.value(x)]), x.shape, 'bool'),
  );
  kernel<{ condition: TensorInfo; t: TensorInfo; e: TensorInfo }>(
    'Select',
    (trace, { condition, t, e }) => {
      const values = [chooser(trace, condition, t), trace.value(t), trace.value(e)];
      return trace.tensor(trace.graph.op('Where', values), t.shape, t.dtype);
    },
  );
}

function comparison(name: string, onnxType: string): void {
  kernel<Binary>(name, (trace, { a, b }) =>
    trace.tensor(trace.graph.op(onnxType, numbers(trace, a, b)), broadcast(a, b), 'bool'),
  );
}

function truth(name: string, onnxType: string): void {
  kernel<Binary>(name, (trace, { a, b }) => {
    const operands = [trace.value(a), trace.value(b)];
    return trace.tensor(trace.graph.op(onnxType, operands), broadcast(a, b), 'bool');
  });
}

/** The operands of a comparison: truth values count as 0 and 1. */
function numbers(trace: Trace, a: TensorInfo, b: TensorInfo): string[] {
  const shape = broadcast(a, b);
  return [operand(trace, a, b, shape), operand(trace, b, a, shape)].map((value) =>
    a.dtype === 'bool' ? castValue(trace, value, 'int32') : value,
  );
}

/** A vector of conditions chooses rows. */
function chooser(trace: Trace, condition: TensorInfo, { shape }: TensorInfo): string {
  if (condition.shape.length === shape.length || condition.shape.length !== 1) {
    return trace.value(condition);
  }
  const rows = backend_util.expandShapeToKeepDim(
    condition.shape,
    shape.slice(1).map((_, i) => i + 1),
  );
  return trace.reshaped(condition, rows);
}
