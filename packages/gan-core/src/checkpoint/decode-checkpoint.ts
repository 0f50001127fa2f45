import { z } from 'zod';
import {
  CHECKPOINT_VERSION,
  CheckpointError,
  checkpointMetadata,
  type Checkpoint,
} from './checkpoint.js';

/** What a file must say it is before the rest is looked at. */
const format = z.object({ format: z.literal('evenset.checkpoint'), formatVersion: z.int() });

const tensorHeader = z.object({
  dtype: z.literal('F32'),
  shape: z.array(z.int().min(0)),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});

/** Where the float32 values of a tensor are. */
interface TensorPlace {
  readonly shape: readonly number[];
  /** Bytes from the start of the file. */
  readonly start: number;
}

/** What a checkpoint's header says: all but the tensors' values. */
export interface CheckpointHeader {
  readonly checkpoint: Omit<Checkpoint, 'tensors'>;
  readonly places: ReadonlyMap<string, TensorPlace>;
}

/**
 * Reads the JSON header of a checkpoint.
 *
 * @param file.name what to call the file in errors
 * @param file.size its bytes
 * @throws CheckpointError when it is no header of safetensors, the file is damaged, or not a checkpoint of evenset of
 *   this version
 */
export function decodeHeader(
  json: Uint8Array,
  { name, size }: { readonly name: string; readonly size: number },
): CheckpointHeader {
  const header = parseJson(Buffer.from(json).toString('utf8'));
  if (typeof header !== 'object' || header === null) {
    throw new CheckpointError(
      `Expected a safetensors file in ${name}; it is cut short or of another kind.`,
    );
  }
  const { __metadata__: metadata, ...entries } = header as Record<string, unknown>;
  const { config, recipe, labels, classShares, seed, step, rollbacks, totalSteps } = decodeMetadata(
    metadata,
    name,
  );
  const data = 8 + json.length;
  const places = Object.entries(entries).map(([tensor, entry]): [string, TensorPlace] => {
    const described = tensorHeader.safeParse(entry);
    const { shape, data_offsets: [from, to] = [0, 0] } = described.data ?? { shape: [] };
    const length = shape.reduce((product, side) => product * side, 1);
    if (!described.success || to - from !== 4 * length || data + to > size) {
      throw new CheckpointError(`${name} is cut short or damaged at the tensor ${tensor}.`);
    }
    return [tensor, { shape, start: data + from }];
  });
  return {
    checkpoint: {
      config,
      recipe,
      labels,
      classShares,
      seed,
      step,
      rollbacks,
      totalSteps: totalSteps ?? Infinity,
    },
    places: new Map(places),
  };
}

function decodeMetadata(metadata: unknown, name: string): z.infer<typeof checkpointMetadata> {
  const text = (metadata as { evenset?: unknown } | undefined)?.evenset;
  const saved = parseJson(typeof text === 'string' ? text : '');
  const version = format.safeParse(saved).data?.formatVersion;
  if (version !== undefined && version !== CHECKPOINT_VERSION) {
    throw new CheckpointError(
      `Expected an evenset checkpoint of format version ${CHECKPOINT_VERSION} in ${name} but received one of version ${version}, which another version of evenset wrote.`,
    );
  }
  const parsed = checkpointMetadata.safeParse(saved);
  if (!parsed.success) {
    throw new CheckpointError(
      `Expected an evenset checkpoint in ${name}, but its metadata is not one.`,
    );
  }
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
