import { registerConvolution } from './convolution.js';
import { registerElementwise } from './elementwise.js';
import { registerMatMul } from './matmul.js';
import { registerReduce } from './reduce.js';
import { registerShape } from './shape.js';

/** Registers every kernel of the backend. */
export function registerKernels(): void {
  registerElementwise();
  registerShape();
  registerReduce();
  registerMatMul();
  registerConvolution();
}
