import {
  util,
  type BackendTimingInfo,
  type BackendValues,
  type DataId,
  type DataType,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  type TensorInfo,
  type TypedArray,
} from '@tensorflow/tfjs-core';
import type { Tensor } from 'onnxruntime-node';
import type { TraceKernel } from '../kernels/register.js';
import type { Runtime } from '../load-runtime.js';
import { RefCountedBackend } from '../ref-counted-backend.js';
import { compileKernel, type CompiledKernel, type KernelResult } from './compile-kernel.js';

/** The name under which TensorFlow.js knows the backend. */
export const EAGER_BACKEND_NAME = 'evenset-onnx-eager';

/** The oldest compiled operations are let go beyond this many. */
const CACHED_KERNELS = 1024;

interface HostData {
  readonly values: BackendValues;
  refCount: number;
}

/**
 * A TensorFlow.js backend that runs each operation at once, as a graph of its own, with the kernels
 * that steps are traced with. Tensors are host arrays, so every value can be looked at.
 */
export class EagerBackend extends RefCountedBackend<HostData> {
  readonly #runtime: typeof Runtime;
  readonly #compiled = new Map<string, CompiledKernel>();

  constructor(runtime: typeof Runtime) {
    super();
    this.#runtime = runtime;
  }

  /** Runs one operation. */
  run(
    name: string,
    append: TraceKernel,
    inputs: NamedTensorInfoMap,
    attributes: NamedAttrMap,
  ): TensorInfo | TensorInfo[] {
    const given: Record<string, TensorInfo> = {};
    for (const [key, tensor] of Object.entries(inputs)) if (tensor) given[key] = tensor;
    const tensors = Object.values(given);
    const key = keyOf(name, given, attributes);
    const compiled = this.#compiled.get(key) ?? compileKernel(append, given, attributes);
    this.#keep(key, compiled);
    const outputs = this.#outputs(compiled, tensors);
    const results = compiled.results.map((result) => this.#result(result, tensors, outputs));
    const [first] = results;
    return compiled.isSingle && first ? first : results;
  }

  override write(values: BackendValues): DataId {
    return this.add({ values, refCount: 1 });
  }

  override move(
    id: DataId,
    values: BackendValues,
    _shape: number[],
    _dtype: DataType,
    refCount: number,
  ): void {
    this.add({ values, refCount }, id);
  }

  override readSync(id: DataId): BackendValues {
    return this.data(id).values;
  }

  override read(id: DataId): Promise<BackendValues> {
    return Promise.resolve(this.readSync(id));
  }

  override time(run: () => void): Promise<BackendTimingInfo> {
    const start = performance.now();
    run();
    return Promise.resolve({ kernelMs: performance.now() - start });
  }

  override dispose(): void {
    for (const { session } of this.#compiled.values()) session?.dispose();
    this.#compiled.clear();
  }

  #keep(key: string, compiled: CompiledKernel): void {
    this.#compiled.set(key, compiled);
    if (this.#compiled.size <= CACHED_KERNELS) return;
    const [oldest] = this.#compiled;
    if (!oldest) return;
    oldest[1].session?.dispose();
    this.#compiled.delete(oldest[0]);
  }

  #outputs(compiled: CompiledKernel, tensors: readonly TensorInfo[]): Record<string, Tensor> {
    if (!compiled.session) return {};
    const feeds: Record<string, Tensor> = {};
    tensors.forEach((tensor, i) => {
      const input = compiled.inputs[i];
      if (input !== undefined) feeds[input] = this.#feed(tensor);
    });
    const fetches: Record<string, null> = {};
    for (const result of compiled.results)
      if (result.kind === 'output') fetches[result.name] = null;
    return compiled.session.run(feeds, fetches, {});
  }

  #feed({ dataId, shape, dtype }: TensorInfo): Tensor {
    const values = this.data(dataId).values as ArrayLike<number>;
    const { Tensor } = this.#runtime;
    if (dtype === 'int32') {
      return new Tensor(
        'int32',
        values instanceof Int32Array ? values : Int32Array.from(values),
        shape,
      );
    }
    if (dtype === 'bool') {
      return new Tensor(
        'bool',
        values instanceof Uint8Array ? values : Uint8Array.from(values),
        shape,
      );
    }
    const floats = values instanceof Float32Array ? values : Float32Array.from(values);
    return new Tensor('float32', floats, shape);
  }

  #result(
    result: KernelResult,
    tensors: readonly TensorInfo[],
    outputs: Readonly<Record<string, Tensor>>,
  ): TensorInfo {
    const { dtype } = result;
    const shape = [...result.shape];
    if (result.kind === 'input') {
      const dataId = tensors[result.index]?.dataId ?? {};
      this.incRef(dataId);
      return { dataId, shape, dtype };
    }
    const values =
      result.kind === 'output'
        ? (outputs[result.name]?.data as TypedArray)
        : util
            .getTypedArrayFromDType(dtype as 'float32', util.sizeFromShape(shape))
            .fill(result.value);
    return { dataId: this.write(values), shape, dtype };
  }
}

/** What an operation's graph depends on: its attributes and the shapes and types of its inputs. */
function keyOf(
  name: string,
  inputs: Readonly<Record<string, TensorInfo>>,
  attributes: NamedAttrMap,
): string {
  const tensors = Object.entries(inputs).map(
    ([key, { shape, dtype }]) => `${key}:${dtype}[${shape.join()}]`,
  );
  // JSON has no infinities and no NaN.
  const values = JSON.stringify(attributes, (_, value: unknown) =>
    typeof value === 'number' ? String(value) : value,
  );
  return `${name}(${tensors.join()})${values}`;
}
