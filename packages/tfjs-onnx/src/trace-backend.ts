import type { BackendValues, DataId, DataType } from '@tensorflow/tfjs-core';
import { RefCountedBackend } from './ref-counted-backend.js';
import type { HostValues, TensorData, TensorTable, Trace } from './trace.js';

/** The name under which TensorFlow.js knows the backend. */
export const BACKEND_NAME = 'evenset-onnx';

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
    if (data.kind === 'splat') return new Float32Array(size(data.shape)).fill(data.value);
    throw new Error(
      'A tensor has no values while its step is being compiled: a step cannot read them (dataSync, array, print) or branch on them.',
    );
  }

  override read(id: DataId): Promise<BackendValues> {
    return Promise.resolve().then(() => this.readSync(id));
  }

  override disposeData(id: DataId, force = false): boolean {
    const isFreed = super.disposeData(id, force);
    if (isFreed) for (const tell of this.onFree) tell(id);
    return isFreed;
  }
}

function hostValues(values: BackendValues, dtype: DataType): HostValues {
  if (values instanceof Float32Array || values instanceof Int32Array) return values;
  if (values instanceof Uint8Array && !Array.isArray(values)) return values;
  throw new TypeError(`Expected numbers for a ${dtype} tensor but received ${typeof values}.`);
}

function size(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
