import type { DataId, Variable } from '@tensorflow/tfjs-core';
import type { TraceBackend } from './trace-backend.js';
import type { EngineWorker } from './worker/open-worker.js';

/** The numbers under which an engine's thread keeps variables: given on first use, freed with the variable. */
export interface VariableNumbers {
  /** @throws TypeError when the variable is not float32 */
  of(variable: Variable): number;
  close(): void;
}

/** Opens an empty list; a variable's value at its first use is where the engine begins, and moves there. */
export function openVariableNumbers(backend: TraceBackend, worker: EngineWorker): VariableNumbers {
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

  return {
    of(variable) {
      const known = numbers.get(variable.dataId);
      if (known !== undefined) return known;
      if (variable.dtype !== 'float32') {
        throw new TypeError(
          `Expected float32 variables but received ${variable.dtype} for ${variable.name}.`,
        );
      }
      const number = count++;
      numbers.set(variable.dataId, number);
      const values = Float32Array.from(variable.dataSync());
      send(worker.call('declare', [number, variable.shape, values], [values.buffer]));
      backend.letGo(variable.dataId);
      return number;
    },
    close() {
      backend.onFree.delete(forget);
      numbers.clear();
    },
  };
}

/** @throws RangeError when the number of values is not the variable's */
export function checkLength(variable: Variable, values: Float32Array): void {
  if (values.length === variable.size) return;
  throw new RangeError(
    `Expected ${variable.size} values for the variable ${variable.name} but received ${values.length}.`,
  );
}
