import { registerBinary } from './binary.js';
import { registerCast } from './cast.js';
import { registerConstants } from './constants.js';
import { registerConvolution } from './convolution.js';
import { registerDepthwise } from './depthwise.js';
import { registerFused } from './fused.js';
import { registerGather } from './gather.js';
import { registerJoin } from './join.js';
import { registerLogical } from './logical.js';
import { registerMatMul } from './matmul.js';
import { registerNormalization } from './normalization.js';
import { registerPad } from './pad.js';
import { registerPooling } from './pooling.js';
import { registerReduce } from './reduce.js';
import { kernels, type TraceKernel } from './register.js';
import { registerResize } from './resize.js';
import { registerScan } from './scan.js';
import { registerShape } from './shape.js';
import { registerSlice } from './slice.js';
import { registerUnary } from './unary.js';

const families = [
  registerUnary,
  registerBinary,
  registerLogical,
  registerCast,
  registerConstants,
  registerReduce,
  registerScan,
  registerNormalization,
  registerShape,
  registerPad,
  registerSlice,
  registerJoin,
  registerGather,
  registerMatMul,
  registerConvolution,
  registerDepthwise,
  registerPooling,
  registerResize,
  registerFused,
];

/** Every kernel, by the name of its TensorFlow.js operation. */
export function allKernels(): ReadonlyMap<string, TraceKernel> {
  if (kernels.size === 0)
    families.forEach((register) => {
      register();
    });
  return kernels;
}
