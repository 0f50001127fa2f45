import type { Tensor } from 'onnxruntime-node';
import type { Runtime } from '../load-runtime.js';

interface Slot {
  /** The variable's value. */
  current: Tensor;
  /** Where a step writes the next value, made when a step first assigns the variable. */
  spare: Tensor | undefined;
}

/**
 * The values of the variables of all compiled steps of an engine, by number. A step reads `current` and
 * writes `spare`; after the run they swap, so no value is copied and none is half written.
 */
export class VariableSlots {
  readonly #runtime: typeof Runtime;
  readonly #slots = new Map<number, Slot>();

  constructor(runtime: typeof Runtime) {
    this.#runtime = runtime;
  }

  /** Makes a slot; `values` become its own. */
  declare(id: number, shape: readonly number[], values: Float32Array): void {
    this.#slots.set(id, { current: this.#tensor(shape, values), spare: undefined });
  }

  /** The tensor that holds a variable's value now. */
  current(id: number): Tensor {
    return this.#slot(id).current;
  }

  /** The tensor to write a variable's next value to. */
  spare(id: number): Tensor {
    const slot = this.#slot(id);
    const { dims, size } = slot.current;
    slot.spare ??= this.#tensor(dims, new Float32Array(size));
    return slot.spare;
  }

  /** Makes what was written to the spare the variable's value. */
  swap(id: number): void {
    const slot = this.#slot(id);
    const written = slot.spare;
    if (!written) throw new Error(`Expected a written value of the variable ${id}.`);
    slot.spare = slot.current;
    slot.current = written;
  }

  /** A copy of a variable's value. */
  read(id: number): Float32Array {
    return Float32Array.from(this.current(id).data as Float32Array);
  }

  write(id: number, values: Float32Array): void {
    (this.current(id).data as Float32Array).set(values);
  }

  forget(id: number): void {
    this.#slots.delete(id);
  }

  #slot(id: number): Slot {
    const slot = this.#slots.get(id);
    if (!slot) throw new Error(`Expected a variable of this engine but received number ${id}.`);
    return slot;
  }

  #tensor(shape: readonly number[], values: Float32Array): Tensor {
    return new this.#runtime.Tensor('float32', values, shape);
  }
}
