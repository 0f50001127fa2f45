import { DataType, type Field, type Schema } from 'apache-arrow';
import { ManifestError } from '../errors.js';
import { ownColumns } from './own-columns.js';
import { isText } from './is-text.js';

/** Where a manifest keeps what we need. */
export interface ManifestColumns {
  readonly storage: 'path' | 'embedded';
  readonly label: Field;
  /** Names of integer labels, from the schema's metadata. */
  readonly labelNames: readonly string[] | undefined;
  readonly split: Field | undefined;
  /** Ours: real or generated. */
  readonly source: Field | undefined;
}

/**
 * Finds the columns of a manifest.
 *
 * @throws ManifestError naming the column that is missing or of the wrong type
 */
export function manifestColumns(schema: Schema, file: string): ManifestColumns {
  const field = (name: string) => schema.fields.find((one) => one.name === name);
  const names = schema.fields.map(({ name }) => name).join(', ');
  const label = field('label');
  if (!label) {
    throw new ManifestError(
      `Expected a column "label" in ${file} but received the columns ${names}.`,
    );
  }
  const labelNames = DataType.isInt(label.type) ? integerNames(schema, label, file) : undefined;
  if (!labelNames && !isText(label.type as DataType))
    throw wrongType(file, label, 'strings, or integers with names');

  const path = field('path');
  const image = field('image');
  if (!path && !image) {
    throw new ManifestError(
      `Expected a column "path" (text) or "image" (struct of bytes and path) in ${file} but received the columns ${names}.`,
    );
  }
  if (path && !isText(path.type as DataType)) throw wrongType(file, path, 'strings');
  if (!path && image && !hasBytes(image)) throw wrongType(file, image, 'a struct with bytes');
  const split = field('split');
  if (split && !isText(split.type as DataType)) throw wrongType(file, split, 'strings');
  return {
    storage: path ? 'path' : 'embedded',
    label,
    labelNames,
    split,
    source: field(ownColumns(schema).get('source') ?? 'source'),
  };
}

function hasBytes({ type }: Field): boolean {
  if (!DataType.isStruct(type)) return false;
  const bytes = type.children.find(({ name }) => name === 'bytes');
  return (
    bytes !== undefined && (DataType.isBinary(bytes.type) || DataType.isLargeBinary(bytes.type))
  );
}

/** Names of integer labels: Hugging Face's ClassLabel, or a JSON list under `names` of the field. */
function integerNames(schema: Schema, label: Field, file: string): readonly string[] {
  const own = namesIn(label.metadata.get('names'));
  const huggingFace = schema.metadata.get('huggingface');
  const feature = huggingFace ? classLabelNames(huggingFace) : undefined;
  const names = own ?? feature;
  if (names) return names;
  throw new ManifestError(
    `The column "label" of ${file} holds integers without names; expected them in the schema metadata (Hugging Face ClassLabel) or in the field's metadata "names".`,
  );
}

function classLabelNames(json: string): readonly string[] | undefined {
  try {
    const parsed = JSON.parse(json) as {
      info?: { features?: Record<string, { names?: unknown }> };
    };
    const names = parsed.info?.features?.label?.names;
    return Array.isArray(names) ? names.map(String) : undefined;
  } catch {
    return undefined;
  }
}

function namesIn(json: string | undefined): readonly string[] | undefined {
  if (json === undefined) return undefined;
  try {
    const names: unknown = JSON.parse(json);
    return Array.isArray(names) ? names.map(String) : undefined;
  } catch {
    return undefined;
  }
}

function wrongType(file: string, field: Field, wanted: string): ManifestError {
  return new ManifestError(
    `Expected ${wanted} in the column "${field.name}" of ${file} but received ${String(field.type)}.`,
  );
}
