import {
  Tensor,
  util,
  Variable,
  type DataId,
  type DataType,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { GraphBuilder, type ElementType } from './graph/graph-builder.js';

/** Values that a tensor holds on the host. */
export type HostValues = Float32Array | Int32Array | Uint8Array;

/** What the backend keeps of a tensor; exactly one of the forms. */
export type TensorData = {
  readonly shape: readonly number[];
  readonly dtype: DataType;
  refCount: number;
} & (
  | { readonly kind: 'host'; readonly values: HostValues }
  /** The values of a variable that an engine's thread has. */
  | { readonly kind: 'moved' }
  /** All elements are the same number. */
  | { readonly kind: 'splat'; readonly value: number }
  /** A value of the graph under construction; `flat` is the value that it is a reshape of. */
  | { readonly kind: 'symbol'; readonly trace: Trace; readonly name: string; readonly flat: string }
);

/** Where tensors' data is found and put. */
export interface TensorTable {
  data(id: DataId): TensorData;
  add(data: TensorData): DataId;
}

/** Why the values of a variable's data cannot be had. */
export const VALUES_MOVED =
  'The values of this variable are in the thread of the engine that it was compiled with: engine.read(variable) gives them.';

/** Constants of more elements are expanded in the graph instead of stored. */
const STORED_SPLAT_LENGTH = 16;

/** The construction of one graph: what the kernels append to while a step function runs once. */
export class Trace {
  readonly graph = new GraphBuilder();
  readonly #table: TensorTable;
  readonly #onVariable: (variable: Variable) => void;
  readonly #indices = new Map<string, string>();

  /** @param onVariable is called before a variable is read, and may give it another value */
  constructor(table: TensorTable, onVariable: (variable: Variable) => void) {
    this.#table = table;
    this.#onVariable = onVariable;
  }

  /** The graph value of a tensor. */
  value(tensor: TensorInfo): string {
    const data = this.#data(tensor);
    const type = elementType(tensor.dtype);
    if (data.kind === 'symbol') {
      if (data.trace !== this) {
        throw new Error(
          'Expected a tensor of this step but received one that another step computed; return it from there and pass its values as an input.',
        );
      }
      return data.name;
    }
    if (data.kind === 'moved') throw new Error(VALUES_MOVED);
    const splat = this.splatOf(tensor);
    const length = util.sizeFromShape(tensor.shape);
    if (splat !== undefined && length > STORED_SPLAT_LENGTH) {
      const scalar = this.graph.constant([splat], [], type);
      return this.graph.op('Expand', [scalar, this.graph.ints(tensor.shape)]);
    }
    const values = data.kind === 'host' ? data.values : new Array<number>(length).fill(data.value);
    return this.graph.constant(values, tensor.shape, type);
  }

  /** A vector of indices; long ones, which convolutions of one shape share, are stored once. */
  indices(values: readonly number[]): string {
    const key = values.join();
    const known = this.#indices.get(key) ?? this.graph.ints(values);
    this.#indices.set(key, known);
    return known;
  }

  /** The tensor's value in the given shape, without a reshape of a reshape. */
  reshaped(tensor: TensorInfo, shape: readonly number[]): string {
    if (tensor.shape.join() === shape.join()) return this.value(tensor);
    const name = this.value(tensor);
    const data = this.#data(tensor);
    const flat = data.kind === 'symbol' ? data.flat : name;
    return this.graph.reshape(flat, shape);
  }

  /** The number that every element of a tensor is known to be, if there is one. */
  splatOf(tensor: TensorInfo): number | undefined {
    const data = this.#data(tensor);
    if (data.kind === 'splat') return data.value;
    if (data.kind !== 'host') return undefined;
    const [first] = data.values;
    return first !== undefined && data.values.every((value) => value === first) ? first : undefined;
  }

  /** The tensor for a graph value; `flat` names the value that it is a reshape of. */
  tensor(name: string, shape: readonly number[], dtype: DataType, flat = name): TensorInfo {
    const dataId = this.#table.add({
      kind: 'symbol',
      trace: this,
      name,
      flat,
      shape,
      dtype,
      refCount: 1,
    });
    return { dataId, shape: [...shape], dtype };
  }

  /** A tensor of equal elements; it becomes a graph value only where it is used. */
  splat(value: number, shape: readonly number[], dtype: DataType): TensorInfo {
    const held = asElement(value, elementType(dtype));
    const dataId = this.#table.add({ kind: 'splat', value: held, shape, dtype, refCount: 1 });
    return { dataId, shape: [...shape], dtype };
  }

  /** The same data under another shape. */
  alias(tensor: TensorInfo, shape: readonly number[]): TensorInfo {
    const splat = this.splatOf(tensor);
    if (splat !== undefined) return this.splat(splat, shape, tensor.dtype);
    const name = this.reshaped(tensor, shape);
    const data = this.#data(tensor);
    const flat = data.kind === 'symbol' ? data.flat : this.value(tensor);
    return this.tensor(name, shape, tensor.dtype, flat);
  }

  /** What the backend keeps of a tensor. */
  #data(tensor: TensorInfo): TensorData {
    if (tensor instanceof Tensor && tensor.isDisposed) {
      throw new Error('Expected a tensor with values but received one that was disposed of.');
    }
    if (tensor instanceof Variable) this.#onVariable(tensor as Variable);
    return this.#table.data(tensor.dataId);
  }
}

/** The ONNX element type of a TensorFlow.js type. */
export function elementType(dtype: DataType): ElementType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new TypeError(`Expected a float32, int32 or bool tensor but received ${dtype}.`);
}

/** A number as an element of the type holds it. */
function asElement(value: number, type: ElementType): number {
  if (type === 'bool') return value === 0 ? 0 : 1;
  return type === 'float32' ? Math.fround(value) : (Int32Array.of(value)[0] ?? 0);
}
