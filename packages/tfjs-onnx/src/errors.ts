/** onnxruntime-node is missing or cannot be loaded here. */
export class EngineUnavailableError extends Error {
  override readonly name = 'EngineUnavailableError';
}

/** The engine's worker thread ended or ran out of memory; values that were not read from it are lost. */
export class EngineCrashedError extends Error {
  override readonly name = 'EngineCrashedError';

  constructor(
    message: string,
    /** Whether it was memory that ran out. */
    readonly isOutOfMemory = false,
  ) {
    super(message);
  }
}

/** A step computed a value that is not finite; its variables keep the values that they had before. */
export class NonFiniteError extends Error {
  override readonly name = 'NonFiniteError';

  constructor(
    /** Position among the step's outputs. */
    readonly output: number,
    /** NaN, Infinity or -Infinity. */
    readonly value: number,
  ) {
    super(
      `Expected finite values in output ${output} of the step but received ${value}; its variables keep the values of before.`,
    );
  }
}

/** An error as it goes from the worker thread to the caller. */
export interface ErrorMessage {
  readonly name: string;
  readonly message: string;
  readonly output?: number;
  readonly value?: number;
}

/** How onnxruntime, V8 and the C++ library say that there is no memory. */
const OUT_OF_MEMORY =
  /bad_alloc|failed to allocate|allocation failed|out of memory|ERR_WORKER_OUT_OF_MEMORY/i;

export function encodeError(error: unknown): ErrorMessage {
  if (error instanceof NonFiniteError) {
    const { name, message, output, value } = error;
    return { name, message, output, value };
  }
  if (error instanceof Error) return { name: error.name, message: error.message };
  return { name: 'Error', message: String(error) };
}

export function decodeError({ name, message, output, value }: ErrorMessage): Error {
  if (output !== undefined && value !== undefined) return new NonFiniteError(output, value);
  if (name === 'EngineUnavailableError') return new EngineUnavailableError(message);
  if (OUT_OF_MEMORY.test(message)) return outOfMemory(message);
  return new Error(message);
}

/** The error for a worker thread that ended by itself. */
export function crashOf(reason: string): EngineCrashedError {
  return OUT_OF_MEMORY.test(reason)
    ? outOfMemory(reason)
    : new EngineCrashedError(`The engine's worker thread ended: ${reason}.`);
}

function outOfMemory(reason: string): EngineCrashedError {
  return new EngineCrashedError(
    `The engine ran out of memory (${firstLine(reason)}); a smaller batch needs less.`,
    true,
  );
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}
