import {
  DataType,
  makeData,
  vectorFromArray,
  type Data,
  type RecordBatch,
  type Schema,
  type Vector,
} from 'apache-arrow';

/** One vocabulary per dictionary column for a whole file. */
export type SharedDictionaries = ReadonlyMap<
  string,
  { values: Vector; indexOf: Map<unknown, number> }
>;

/**
 * Collects the vocabulary of every dictionary column. Batches that bring dictionaries of their own would lose
 * data in silence when they are written one after the other.
 *
 * @param extra values that a column will need besides, by column
 */
export async function sharedDictionaries(
  schema: Schema,
  batches: AsyncIterable<RecordBatch>,
  extra: ReadonlyMap<string, Iterable<unknown>>,
): Promise<SharedDictionaries> {
  const fields = schema.fields.filter(({ type }) => DataType.isDictionary(type));
  const known = new Map(fields.map(({ name }) => [name, new Map<unknown, number>()]));
  const learn = (name: string, values: Iterable<unknown>) => {
    const indexOf = known.get(name);
    for (const value of values) {
      if (value !== null && indexOf && !indexOf.has(value)) indexOf.set(value, indexOf.size);
    }
  };
  if (fields.length > 0) {
    for await (const batch of batches) {
      for (const { name } of fields) {
        const dictionary = batch.getChild(name)?.data[0]?.dictionary;
        if (dictionary) learn(name, dictionary as Iterable<unknown>);
      }
    }
  }
  for (const [name, values] of extra) learn(name, values);
  return new Map(
    fields.map(({ name, type }) => {
      const indexOf = known.get(name) ?? new Map<unknown, number>();
      const values = vectorFromArray(
        [...indexOf.keys()],
        (type as { dictionary: DataType }).dictionary,
      );
      return [name, { values, indexOf }];
    }),
  );
}

/** A dictionary column's values as data that points into the shared vocabulary. */
export function encodeShared(
  shared: SharedDictionaries,
  name: string,
  type: DataType,
  values: readonly unknown[],
): Data {
  const entry = shared.get(name);
  const { indices } = type as DataType & { indices: DataType };
  const numbers = vectorFromArray(
    values.map((value) =>
      value === null || value === undefined ? null : (entry?.indexOf.get(value) ?? null),
    ),
    indices,
  ).data[0];
  if (!numbers || !entry) throw new Error(`The column ${name} has no dictionary.`);
  return makeData({
    type: type as never,
    length: values.length,
    nullCount: numbers.nullCount,
    nullBitmap: numbers.nullBitmap,
    data: numbers.values as never,
    dictionary: entry.values as never,
  });
}
