import {
  DataType,
  Dictionary,
  Field,
  Int32,
  Schema,
  makeData,
  vectorFromArray,
  type Data,
  type RecordBatch,
  type Vector,
} from 'apache-arrow';

/** The vocabulary of one dictionary column for a whole file. */
interface SharedDictionary {
  /** The column's type: with a number of its own, and indices that have room for all values. */
  readonly type: Dictionary;
  readonly values: Vector;
  readonly indexOf: ReadonlyMap<unknown, number>;
}

/** Vocabularies by the column's position. */
export type SharedDictionaries = ReadonlyMap<number, SharedDictionary>;

/** How a file's vocabularies differ from those of the batches that it is made of; columns by their position. */
interface VocabularyChanges {
  /** What becomes of a column's values. */
  readonly rewrite?: ReadonlyMap<number, (value: unknown) => unknown>;
  /** Values that a column needs besides. */
  readonly extra?: ReadonlyMap<number, Iterable<unknown>>;
}

/**
 * Collects the vocabulary of every dictionary column. Batches that bring dictionaries of their own would lose
 * data in silence when they are written one after the other.
 */
export async function sharedDictionaries(
  schema: Schema,
  batches: AsyncIterable<RecordBatch>,
  { rewrite = new Map(), extra = new Map() }: VocabularyChanges = {},
): Promise<SharedDictionaries> {
  const columns = schema.fields.flatMap(({ type }, at) =>
    DataType.isDictionary(type) ? [{ at, type, known: new Map<unknown, unknown>() }] : [],
  );
  const learn = (known: Map<unknown, unknown>, value: unknown) => {
    const key = keyOf(value);
    if (value !== null && !known.has(key)) known.set(key, value);
  };
  if (columns.length > 0) {
    for await (const batch of batches) {
      for (const { at, known } of columns) {
        const become = rewrite.get(at);
        const dictionary = batch.getChildAt(at)?.data[0]?.dictionary;
        for (const value of (dictionary ?? []) as Iterable<unknown>)
          learn(known, become && value !== null ? become(value) : value);
      }
    }
  }
  return new Map(
    columns.map(({ at, type, known }) => {
      for (const value of extra.get(at) ?? []) learn(known, value);
      const indexOf = new Map([...known.keys()].map((key, index) => [key, index]));
      const values = vectorFromArray([...known.values()], type.dictionary as DataType);
      return [at, { type: typeFor(type, known.size, at), values, indexOf }];
    }),
  );
}

/** A schema with the types that shared vocabularies have. */
export function withDictionaries({ fields, metadata }: Schema, shared: SharedDictionaries): Schema {
  return new Schema(
    fields.map((field, at) => {
      const type = shared.get(at)?.type;
      return type ? new Field(field.name, type, field.nullable, field.metadata) : field;
    }),
    metadata,
  );
}

/** Indices that are too narrow become wider; two columns that had one dictionary no longer do. */
function typeFor(type: Dictionary, values: number, at: number): Dictionary {
  const { bitWidth, isSigned } = type.indices;
  const hasRoom = bitWidth <= 32 && values <= 2 ** (isSigned ? bitWidth - 1 : bitWidth);
  const indices = hasRoom ? type.indices : new Int32();
  return new Dictionary(type.dictionary as DataType, indices, at, type.isOrdered);
}

/**
 * The values of the dictionary column at a position as data that points into the shared vocabulary.
 *
 * @throws Error on a value that it does not have
 */
export function encodeShared(
  shared: SharedDictionaries,
  at: number,
  values: readonly unknown[],
): Data {
  const entry = shared.get(at);
  if (!entry) throw new Error(`The column at ${at} has no dictionary.`);
  const indices = values.map((value, row) => {
    if (value === null) return null;
    const index = entry.indexOf.get(keyOf(value));
    if (index === undefined)
      throw new Error(`The dictionary at ${at} lacks a value of row ${row}.`);
    return index;
  });
  const numbers = vectorFromArray(indices, entry.type.indices).data[0];
  if (!numbers) throw new Error(`The column at ${at} cannot be built.`);
  return makeData({
    type: entry.type as never,
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
