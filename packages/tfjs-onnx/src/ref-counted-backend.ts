import { DataStorage, engine, KernelBackend, type DataId } from '@tensorflow/tfjs-core';

/** A TensorFlow.js backend that keeps one record per tensor data until nobody refers to it. */
export abstract class RefCountedBackend<Data extends { refCount: number }> extends KernelBackend {
  readonly #storage = new DataStorage<Data>(this, engine());

  /** The record of tensor data; data of another backend is moved here first. */
  data(id: DataId): Data {
    return this.#storage.get(id);
  }

  add(data: Data, id: DataId = {}): DataId {
    this.#storage.set(id, data);
    return id;
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
