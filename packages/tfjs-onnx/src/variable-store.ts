import type { DataId, Variable } from '@tensorflow/tfjs-core';
import type { Tensor } from 'onnxruntime-node';
import type { Runtime } from './load-runtime.js';

interface Slot {
  /** The variable's value. */
  current: Tensor;
  /** Where a step writes the next value, made when a step first assigns the variable. */
  spare: Tensor | undefined;
}

/**
 * The values of the variables of all compiled steps of an engine. A step reads `current` and writes
 * `spare`; after the run they swap, so no value is copied and none is half written.
 */
export class VariableStore {
  readonly #runtime: typeof Runtime;
  /** Goes with the variables: a disposed one leaves nothing behind. */
  #slots = new WeakMap<DataId, Slot>();

  constructor(runtime: typeof Runtime) {
    this.#runtime = runtime;
  }

  /** The tensor that holds a variable's value now. */
  current(variable: Variable): Tensor {
    return this.#slot(variable).current;
  }

  /** The tensor to write a variable's next value to. */
  spare(variable: Variable): Tensor {
    const slot = this.#slot(variable);
    slot.spare ??= this.#tensor(variable, new Float32Array(variable.size));
    return slot.spare;
  }

  /** Makes what was written to the spare the variable's value. */
  swap(variable: Variable): void {
    const slot = this.#slot(variable);
    const written = slot.spare;
    if (!written) throw new Error(`Expected a written value of the variable ${variable.name}.`);
    slot.spare = slot.current;
    slot.current = written;
  }

  /** A copy of a variable's value. */
  read(variable: Variable): Float32Array {
    return Float32Array.from(this.current(variable).data as Float32Array);
  }

  /** @throws RangeError when the number of values is not the variable's */
  write(variable: Variable, values: Float32Array): void {
    if (values.length !== variable.size) {
      throw new RangeError(
        `Expected ${variable.size} values for the variable ${variable.name} but received ${values.length}.`,
      );
    }
    (this.current(variable).data as Float32Array).set(values);
  }

  clear(): void {
    this.#slots = new WeakMap();
  }

  #slot(variable: Variable): Slot {
    let slot = this.#slots.get(variable.dataId);
    if (!slot) {
      if (variable.dtype !== 'float32') {
        throw new TypeError(
          `Expected float32 variables but received ${variable.dtype} for ${variable.name}.`,
        );
      }
      const initial = Float32Array.from(variable.dataSync());
      slot = { current: this.#tensor(variable, initial), spare: undefined };
      this.#slots.set(variable.dataId, slot);
    }
    return slot;
  }

  #tensor(variable: Variable, values: Float32Array): Tensor {
    return new this.#runtime.Tensor('float32', values, variable.shape);
  }
}
