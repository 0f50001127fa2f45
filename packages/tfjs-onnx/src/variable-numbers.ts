import type { DataId, Variable } from '@tensorflow/tfjs-core';
import type { TraceBackend } from './trace-backend.js';
import type { EngineWorker } from './worker/open-worker.js';

/** The numbers under which an engine's thread keeps variables: given on first use, values freed with the variable. */
export interface VariableNumbers {
  /**
   * A variable's number. The values of one that is new, or was assigned outside of a step, are sent first.
   *
   * @throws TypeError when the variable is not float32
   * @throws Error when it was made of or assigned a variable whose values are in an engine's thread, or is disposed of
   */
  of(variable: Variable): number;
  /** @throws RangeError when the number of values is not the variable's */
  write(variable: Variable, values: Float32Array): Promise<void>;
  close(): void;
}

/** Where an engine's thread has a variable's values. */
interface Declared {
  readonly number: number;
  /** The data that stands for them; a variable that has other data was assigned since. */
  dataId: DataId;
}

/** Opens an empty list; a variable's value at its first use is where the engine begins, and moves there. */
export function openVariableNumbers(backend: TraceBackend, worker: EngineWorker): VariableNumbers {
  const declared = new WeakMap<Variable, Declared>();
  /** The numbers of what the thread has, by the data that stands for it. */
  const numbers = new Map<DataId, number>();
  let count = 0;

  /** Variables are sent without waiting: what goes wrong shows in the call that needs them. */
  const send = (call: Promise<unknown>) => {
    call.catch(() => undefined);
  };
  const forget = (id: DataId) => {
    const number = numbers.get(id);
    if (number === undefined) return;
    numbers.delete(id);
    send(worker.call('forget', [number]));
  };
  backend.onFree.add(forget);

  /** The number of a variable whose values the thread has. */
  function settled(variable: Variable): number | undefined {
    if (variable.isDisposed) {
      throw new Error(`Expected a variable with values but ${variable.name} is disposed of.`);
    }
    const known = declared.get(variable);
    return known?.dataId === variable.dataId ? known.number : undefined;
  }

  /** Sends a variable's values, which move, under the number that steps know it by. */
  function declare(variable: Variable, values: Float32Array): number {
    const { name, dtype } = variable;
    if (dtype !== 'float32') {
      throw new TypeError(`Expected float32 variables but received ${dtype} for ${name}.`);
    }
    const known = declared.get(variable);
    if (known) numbers.delete(known.dataId);
    const number = known?.number ?? count++;
    backend.letGo(variable);
    declared.set(variable, { number, dataId: variable.dataId });
    numbers.set(variable.dataId, number);
    send(worker.call('declare', [number, variable.shape, values], [values.buffer as ArrayBuffer]));
    return number;
  }

  /** A copy of the values that a variable has on the host. */
  function valuesOf(variable: Variable): Float32Array {
    const { name, dataId } = variable;
    if (backend.isMoved(dataId)) {
      throw new Error(
        `The variable ${name} was made of, or assigned, a variable whose values are in the thread of an engine; engine.write(${name}, values) gives it values of its own, which engine.read has.`,
      );
    }
    return Float32Array.from(variable.dataSync());
  }

  return {
    of: (variable) => settled(variable) ?? declare(variable, valuesOf(variable)),
    async write(variable, values) {
      checkLength(variable, values);
      const number = settled(variable);
      if (number === undefined) declare(variable, values.slice());
      else await worker.call('write', [number, values]);
    },
    close() {
      backend.onFree.delete(forget);
      numbers.clear();
    },
  };
}

/** @throws RangeError when the number of values is not the variable's */
function checkLength(variable: Variable, values: Float32Array): void {
  if (values.length === variable.size) return;
  throw new RangeError(
    `Expected ${variable.size} values for the variable ${variable.name} but received ${values.length}.`,
  );
}
