import type { Tensor } from 'onnxruntime-node';
import type { Runtime } from '../load-runtime.js';
import { discard } from './discard.js';

/**
 * The values of the variables of all compiled steps of an engine, by number. A step reads them and makes new
 * ones, which take their place after the run, so no value is half written.
 */
export class VariableValues {
  readonly #runtime: typeof Runtime;
  readonly #values = new Map<number, Tensor>();

  constructor(runtime: typeof Runtime) {
    this.#runtime = runtime;
  }

  /** Adds a variable, or gives one other values; `values` become its own. */
  declare(id: number, shape: readonly number[], values: Float32Array): void {
    this.#values.set(id, new this.#runtime.Tensor('float32', values, shape));
  }

  /** The tensor that holds a variable's value. */
  of(id: number): Tensor {
    const value = this.#values.get(id);
    if (!value) throw new Error(`Expected a variable of this engine but received number ${id}.`);
    return value;
  }

  /** Gives variables other values; the memory of the old ones is freed. */
  replace(values: ReadonlyMap<number, Tensor>): void {
    const old = [...values.keys()].map((id) => this.of(id).data as Float32Array);
    for (const [id, value] of values) this.#values.set(id, value);
    discard(old);
  }

  /** A copy of a variable's value. */
  read(id: number): Float32Array {
    return Float32Array.from(this.of(id).data as Float32Array);
  }

  write(id: number, values: Float32Array): void {
    (this.of(id).data as Float32Array).set(values);
  }

  forget(id: number): void {
    this.#values.delete(id);
  }
}
