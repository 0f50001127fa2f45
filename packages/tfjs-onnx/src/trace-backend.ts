import {
  DataStorage,
  engine,
  KernelBackend,
  type BackendValues,
  type DataId,
  type DataType,
} from '@tensorflow/tfjs-core';
import type { HostValues, TensorData, TensorTable, Trace } from './trace.js';

/** The name under which TensorFlow.js knows the backend. */
export const BACKEND_NAME = 'evenset-onnx';

/**
 * A TensorFlow.js backend whose kernels compute nothing: while a step is traced they append to
 * its graph. Outside of a trace it only holds host values, for variables to be made from.
 */
export class TraceBackend extends KernelBackend implements TensorTable {
  /** The graph under construction. */
  trace: Trace | undefined;
  /** Told of every tensor data that is freed. */
  readonly onFree = new Set<(id: DataId) => void>();
  readonly #storage = new DataStorage<TensorData>(this, engine());

  data(id: DataId): TensorData {
    return this.#storage.get(id);
  }

  add(data: TensorData): DataId {
    const id = {};
    this.#storage.set(id, data);
    return id;
  }

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
    this.#storage.set(id, {
      kind: 'host',
      values: hostValues(values, dtype),
      shape,
      dtype,
      refCount,
    });
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

  override refCount(id: DataId): number {
    return this.#storage.has(id) ? this.data(id).refCount : 0;
  }

  override incRef(id: DataId): void {
    this.data(id).refCount++;
  }

  override disposeData(id: DataId, force = false): boolean {
    if (!this.#storage.has(id)) return true;
    const data = this.data(id);
    data.refCount--;
    if (data.refCount > 0 && !force) return false;
    this.#storage.delete(id);
    for (const tell of this.onFree) tell(id);
    return true;
  }

  override numDataIds(): number {
    return this.#storage.numDataIds();
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override timerAvailable(): boolean {
    return false;
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
