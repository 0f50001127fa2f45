import { registerConvolution } from './convolution.js';
import { registerElementwise } from './elementwise.js';
import { registerMatMul } from './matmul.js';
import { registerReduce } from './reduce.js';
import { kernels, type TraceKernel } from './register.js';
import { registerShape } from './shape.js';

/** Every kernel, by the name of its TensorFlow.js operation. */
export function allKernels(): ReadonlyMap<string, TraceKernel> {
  if (kernels.size === 0) {
    registerElementwise();
    registerShape();
    registerReduce();
    registerMatMul();
    registerConvolution();
  }
  return kernels;
}
