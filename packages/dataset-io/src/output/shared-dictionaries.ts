import {
  DataType,
  makeData,
  vectorFromArray,
  type Data,
  type RecordBatch,
  type Schema,
  type Vector,
} from 'apache-arrow';

/** The vocabulary of one dictionary column for a whole file. */
interface SharedDictionary {
  readonly values: Vector;
  readonly indexOf: ReadonlyMap<unknown, number>;
}

/** Vocabularies by the column's position. */
export type SharedDictionaries = ReadonlyMap<number, SharedDictionary>;

/**
 * Collects the vocabulary of every dictionary column. Batches that bring dictionaries of their own would lose
 * data in silence when they are written one after the other.
 *
 * @param extra values that a column will need besides, by its position
 */
export async function sharedDictionaries(
  schema: Schema,
  batches: AsyncIterable<RecordBatch>,
  extra: ReadonlyMap<number, Iterable<unknown>> = new Map(),
): Promise<SharedDictionaries> {
  const columns = schema.fields.flatMap(({ type }, at) =>
    DataType.isDictionary(type)
      ? [{ at, type: type.dictionary as DataType, known: new Map<unknown, unknown>() }]
      : [],
  );
  const learn = (known: Map<unknown, unknown>, values: Iterable<unknown>) => {
    for (const value of values) {
      const key = keyOf(value);
      if (value !== null && !known.has(key)) known.set(key, value);
    }
  };
  if (columns.length > 0) {
    for await (const batch of batches) {
      for (const { at, known } of columns) {
        const dictionary = batch.getChildAt(at)?.data[0]?.dictionary;
        if (dictionary) learn(known, dictionary as Iterable<unknown>);
      }
    }
  }
  return new Map(
    columns.map(({ at, type, known }) => {
      learn(known, extra.get(at) ?? []);
      const indexOf = new Map([...known.keys()].map((key, index) => [key, index]));
      return [at, { values: vectorFromArray([...known.values()], type), indexOf }];
    }),
  );
}

/** The values of the dictionary column at a position as data that points into the shared vocabulary. */
export function encodeShared(
  shared: SharedDictionaries,
  at: number,
  type: DataType,
  values: readonly unknown[],
): Data {
  const entry = shared.get(at);
  const { indices } = type as DataType & { indices: DataType };
  const numbers = vectorFromArray(
    values.map((value) => entry?.indexOf.get(keyOf(value)) ?? null),
    indices,
  ).data[0];
  if (!numbers || !entry) throw new Error(`The column at ${at} has no dictionary.`);
  return makeData({
    type: type as never,
    length: values.length,
    nullCount: numbers.nullCount,
    nullBitmap: numbers.nullBitmap,
    data: numbers.values as never,
    dictionary: entry.values as never,
  });
}

/** What tells two dictionary values apart: bytes and dates come as new objects at every read. */
function keyOf(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex');
  }
  return value instanceof Date ? value.getTime() : value;
}
