import { engine, type DataId, type Variable } from '@tensorflow/tfjs-core';
import type { TraceBackend } from './trace-backend.js';
import { elementType, type Trace } from './trace.js';
import { userLine } from './user-line.js';

interface Bound {
  readonly variable: Variable;
  /** Its graph input. */
  readonly name: string;
  /** The data that it had before the trace. */
  readonly original: DataId;
  /** The data that stands for its value at the start of the step. */
  readonly start: DataId;
}

/**
 * The variables of a step while it is traced. Each declared one gets a symbol as its value, so that
 * other tensors that share its data stay what they are; afterwards it gets its data back.
 */
export class StepVariables {
  readonly #backend: TraceBackend;
  readonly #bound: Bound[] = [];
  /** Variables that were there before and are not the step's, with their data. */
  readonly #others = new Map<Variable, DataId>();

  constructor(backend: TraceBackend, declared: readonly Variable[]) {
    this.#backend = backend;
    for (const variable of Object.values(engine().state.registeredVariables)) {
      if (declared.includes(variable)) continue;
      // An assignment must not free the value that the variable goes back to.
      ownerOf(variable).incRef(variable.dataId);
      this.#others.set(variable, variable.dataId);
    }
  }

  /** Puts the symbol of a graph input in the place of a variable's value. */
  bind(trace: Trace, variable: Variable): void {
    const { shape, dtype, dataId: original } = variable;
    this.#backend.incRef(original);
    const name = trace.graph.input(`variable${this.#bound.length}`, shape, elementType(dtype));
    const symbol = engine().makeTensorFromTensorInfo(trace.tensor(name, shape, dtype));
    variable.assign(symbol);
    symbol.dispose();
    this.#bound.push({ variable, name, original, start: variable.dataId });
  }

  /**
   * Is asked before a variable is read. One that the step itself made, as optimizers do with their
   * slots, becomes one of its variables and keeps its value from run to run.
   *
   * @throws Error for a variable that was there before and is not the step's, and for one that the step
   *   makes from what it computes
   */
  check(trace: Trace, variable: Variable): void {
    if (this.#others.has(variable)) throw undeclared('reads', variable);
    if (this.#isBound(variable)) return;
    if (this.#backend.data(variable.dataId).kind === 'symbol') throw computed(variable);
    this.bind(trace, variable);
  }

  /** The variables with their graph inputs. */
  reads(): { variable: Variable; name: string }[] {
    return this.#bound.map(({ variable, name }) => ({ variable, name }));
  }

  /**
   * The variables that have other values than at the start.
   *
   * @throws Error for a variable that the step assigns but was not compiled with, or makes but does not read
   */
  writes(): Variable[] {
    for (const [variable, original] of this.#others) {
      if (variable.dataId !== original) throw undeclared('assigns', variable);
    }
    for (const variable of Object.values(engine().state.registeredVariables)) {
      if (!this.#others.has(variable) && !this.#isBound(variable)) throw computed(variable);
    }
    return this.#bound.flatMap(({ variable, start }) =>
      variable.dataId === start ? [] : [variable],
    );
  }

  #isBound(variable: Variable): boolean {
    return this.#bound.some((bound) => bound.variable === variable);
  }

  /** Gives every variable the data back that it had before the trace. */
  restore(): void {
    for (const { variable, original } of this.#bound) restore(variable, original);
    for (const [variable, original] of this.#others) restore(variable, original);
  }
}

function restore(variable: Variable, original: DataId): void {
  if (variable.isDisposed) return;
  if (variable.dataId !== original) {
    engine().disposeTensor(variable);
    variable.dataId = original;
    engine().incRef(variable, ownerOf(variable));
  }
  ownerOf(variable).disposeData(original);
}

/** The backend that holds a variable's data. */
function ownerOf({ dataId }: Variable) {
  const { backend } = engine().state.tensorInfo.get(dataId) ?? {};
  if (!backend) throw new Error('Expected a variable with data but received a disposed one.');
  return backend;
}

function undeclared(verb: string, { name }: Variable): Error {
  return new Error(
    `The step ${verb} the variable ${name}, which it was not compiled with${userLine()}; list it among the variables.`,
  );
}

function computed({ name }: Variable): Error {
  return new Error(
    `The step makes the variable ${name} out of what it computes${userLine()}; make it before, with its first value, and list it among the variables.`,
  );
}
