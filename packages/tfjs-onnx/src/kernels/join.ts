import { backend_util, util, type TensorInfo } from '@tensorflow/tfjs-core';
import { kernel } from './register.js';

/** Registers the operations that put tensors beside each other. */
export function registerJoin(): void {
  kernel<Record<number, TensorInfo>, { axis: number }>('Concat', (trace, inputs, { axis }) => {
    const [first, ...rest] = Object.values(inputs);
    if (!first) throw new RangeError('Expected at least one tensor for Concat but received none.');
    const tensors = [first, ...rest];
    const [along = 0] = util.parseAxisParam(axis, first.shape);
    backend_util.assertParamsConsistent(
      tensors.map((tensor) => tensor.shape),
      along,
    );
    const shape = backend_util.computeOutShape(
      tensors.map((tensor) => tensor.shape),
      along,
    );
    const values = tensors
      .filter((tensor) => tensor.shape[along] !== 0)
      .map((tensor) => trace.value(tensor));
    if (values.length === 0) return trace.alias(first, shape);
    return trace.tensor(trace.graph.op('Concat', values, { axis: along }), shape, first.dtype);
  });
  kernel<Record<number, TensorInfo>, { axis: number }>('Pack', (trace, inputs, { axis }) => {
    const tensors = Object.values(inputs);
    const [first] = tensors;
    if (!first) throw new RangeError('Expected at least one tensor for Pack but received none.');
    for (const { shape } of tensors) {
      util.assertShapesMatch(first.shape, shape, 'Tensors that are stacked have one shape: ');
    }
    const along = axis < 0 ? first.shape.length + 1 + axis : axis;
    const single = [...first.shape];
    single.splice(along, 0, 1);
    const shape = single.map((length, i) => (i === along ? tensors.length : length));
    const values = tensors.map((tensor) => trace.reshaped(tensor, single));
    return trace.tensor(trace.graph.op('Concat', values, { axis: along }), shape, first.dtype);
  });
}
