/** One input of a step. */
export interface InputSpec {
  readonly name: string;
  /** One length may be null: what the array's own length comes to. Every other one compiles the step again. */
  readonly shape: readonly (number | null)[];
  readonly dtype?: 'float32' | 'int32';
}

/** An input whose shape is known. */
export interface ShapedInput {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
}

/** The inputs as they are, if no shape has an open length. */
export function fixedShapes(specs: readonly InputSpec[]): ShapedInput[] | undefined {
  const isFixed = specs.every(({ shape }) => !shape.includes(null));
  if (!isFixed) return undefined;
  return specs.map(({ name, shape, dtype = 'float32' }) => ({
    name,
    shape: shape.map((length) => length ?? 0),
    dtype,
  }));
}

/**
 * The shapes of a step's inputs.
 *
 * @throws TypeError or RangeError naming the input whose type or length is wrong
 */
export function resolveShapes(
  specs: readonly InputSpec[],
  inputs: readonly (Float32Array | Int32Array)[],
): ShapedInput[] {
  if (inputs.length !== specs.length) {
    throw new RangeError(`Expected ${specs.length} inputs but received ${inputs.length}.`);
  }
  return specs.map(({ name, shape, dtype = 'float32' }, i) => {
    const values = inputs[i];
    const known = shape.reduce<number>((product, length) => product * (length ?? 1), 1);
    const open = values ? values.length / known : NaN;
    const isRight = shape.includes(null)
      ? Number.isInteger(open) && open > 0
      : values?.length === known;
    if (!isRight) {
      const wanted = shape.map((length) => length ?? 'any').join(', ');
      const count = shape.includes(null) ? `a multiple of ${known}` : known;
      throw new RangeError(
        `Expected ${count} values [${wanted}] for the input ${name} but received ${values?.length ?? 'none'}.`,
      );
    }
    const Wanted = dtype === 'int32' ? Int32Array : Float32Array;
    if (!(values instanceof Wanted)) {
      throw new TypeError(
        `Expected a ${Wanted.name} for the input ${name} but received a ${values?.constructor.name ?? 'nothing'}.`,
      );
    }
    return { name, shape: shape.map((length) => length ?? open), dtype };
  });
}
