import {
  registerKernel,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { allKernels } from './index.js';
import type { TraceKernel } from './register.js';
import { operationNames, unsupported } from './unsupported.js';

/** A call of one of TensorFlow.js's operations. */
export interface OperationCall {
  readonly name: string;
  readonly inputs: NamedTensorInfoMap;
  readonly attributes: NamedAttrMap;
  /** The backend that the inputs are on. */
  readonly backend: unknown;
  /** @throws Error naming the call and the user's line when the operation has no kernel */
  readonly kernel: () => TraceKernel;
}

/** Registers every operation of TensorFlow.js on a backend, which says what a call does. */
export function registerOperations(
  backendName: string,
  run: (call: OperationCall) => TensorInfo | TensorInfo[],
): void {
  const kernels = allKernels();
  for (const name of new Set([...operationNames, ...kernels.keys()])) {
    registerKernel({
      kernelName: name,
      backendName,
      kernelFunc: ({ inputs, attrs: attributes = {}, backend }) => {
        const kernel = () => {
          const append = kernels.get(name);
          if (!append) throw unsupported(name, inputs);
          return append;
        };
        return run({ name, inputs, attributes, backend, kernel });
      },
    });
  }
}
