import {
  engine,
  keep,
  type BackendValues,
  type DataId,
  type DataType,
  type Variable,
} from '@tensorflow/tfjs-core';
import { RefCountedBackend } from './ref-counted-backend.js';
import { sizeOf } from './size-of.js';
import {
  VALUES_MOVED,
  type HostValues,
  type TensorData,
  type TensorTable,
  type Trace,
} from './trace.js';
import { userLine } from './user-line.js';

/** The name under which TensorFlow.js knows the backend. */
export const BACKEND_NAME = 'evenset-onnx';

/** The scopes of the operations that draw numbers, which leave no trace of how they came about. */
const RANDOM_OPERATIONS = /^(rand|random\w+|truncatedNormal|dropout)__op$/;

/**
 * A TensorFlow.js backend whose kernels compute nothing: while a step is traced they append to
 * its graph. Outside of a trace it only holds host values, for variables to be made from.
 */
export class TraceBackend extends RefCountedBackend<TensorData> implements TensorTable {
  /** The graph under construction. */
  trace: Trace | undefined;
  /** Told of every tensor data that is freed. */
  readonly onFree = new Set<(id: DataId) => void>();

  override write(values: BackendValues, shape: number[], dtype: DataType): DataId {
    if (this.trace && isRandom()) {
      throw new Error(
        `Random numbers are drawn inside of a step${userLine()}, which would be the same in every run; draw them outside and pass them as an input.`,
      );
    }
    return this.add({ kind: 'host', values: hostValues(values, dtype), shape, dtype, refCount: 1 });
  }

  override move(
    id: DataId,
    values: BackendValues,
    shape: number[],
    dtype: DataType,
    refCount: number,
  ): void {
    this.add({ kind: 'host', values: hostValues(values, dtype), shape, dtype, refCount }, id);
  }

  override readSync(id: DataId): BackendValues {
    const data = this.data(id);
    if (data.kind === 'host') return data.values;
    if (data.kind === 'splat') return new Float32Array(sizeOf(data.shape)).fill(data.value);
    if (data.kind === 'moved') throw new Error(VALUES_MOVED);
    throw new Error(
      `A tensor [${data.shape.join(', ')}] has no values while its step is being compiled, but they are read${userLine()}: a step cannot read values (dataSync, array, print) or branch on them. Return the tensor from the step, or choose with tf.where.`,
    );
  }

  override read(id: DataId): Promise<BackendValues> {
    return new Promise((resolve) => {
      resolve(this.readSync(id));
    });
  }

  /** Gives a variable data of its own for values that an engine has; where a tensor shares the old data, it stays. */
  letGo(variable: Variable): void {
    const { shape, dtype } = variable;
    const dataId = this.add({ kind: 'moved', shape, dtype, refCount: 1 });
    engine().disposeTensor(variable);
    variable.dataId = dataId;
    // TensorFlow.js counts this tensor in the place of the variable.
    keep(engine().makeTensorFromTensorInfo({ dataId, shape, dtype }, this));
  }

  /** Whether this data stands for values that an engine has. */
  isMoved(id: DataId): boolean {
    return this.refCount(id) > 0 && this.data(id).kind === 'moved';
  }

  override disposeData(id: DataId, force = false): boolean {
    const isFreed = super.disposeData(id, force);
    if (isFreed) for (const tell of this.onFree) tell(id);
    return isFreed;
  }
}

/** Whether one of TensorFlow.js's random operations is at work. */
function isRandom(): boolean {
  return engine().state.scopeStack.some(({ name }) => RANDOM_OPERATIONS.test(name));
}

function hostValues(values: BackendValues, dtype: DataType): HostValues {
  if (values instanceof Float32Array || values instanceof Int32Array) return values;
  if (values instanceof Uint8Array && !Array.isArray(values)) return values;
  throw new TypeError(`Expected numbers for a ${dtype} tensor but received ${typeof values}.`);
}
