import {
  type DecodeOptions,
  type Manifest,
  type PixelStore,
  type QuarantineEntry,
  type Splits,
} from '@evenset/dataset-io';
import type { CommandContext } from '../command.js';
import { RunError } from '../errors.js';
import type { InputOptions } from '../options/input-options.js';
import { countImages, labelledRows } from './count-images.js';
import { openPixels } from './open-pixels.js';
import type { ClassCount } from './plan-targets.js';
import { searchDuplicates } from './search-duplicates.js';
import { splitReal } from './split-real.js';

/** A manifest with its images decoded and split. */
export interface Input {
  readonly manifest: Manifest;
  /** Every readable real image with a label. */
  readonly pixels: PixelStore;
  /** Readable images that an earlier run generated. */
  readonly generated: PixelStore;
  /** Positions in `pixels`. */
  readonly split: Splits;
  /** A number that each image in `pixels` shares with its duplicates and near-duplicates. */
  readonly groups: Int32Array;
  /** The first position in `pixels` with the same file content, of each image. */
  readonly contents: Int32Array;
  readonly counts: readonly ClassCount[];
  readonly quarantine: readonly QuarantineEntry[];
  close(): Promise<void>;
}

/**
 * Decodes a manifest's images (or finds them in the cache) and splits the real ones.
 *
 * @throws RunError when no image is readable
 */
export async function readInput(
  manifest: Manifest,
  options: InputOptions & { readonly seed: number },
  context: CommandContext,
): Promise<Input> {
  const quarantine: QuarantineEntry[] = [];
  const stores: PixelStore[] = [];
  const open = async (title: string, rows: Int32Array, decoding: DecodeOptions) => {
    const read = { title, rows, quarantine };
    const store = await openPixels(manifest, read, { ...options, ...decoding }, context);
    stores.push(store);
    return store;
  };
  const close = async () => {
    for (const store of stores) await store.close();
  };
  try {
    const real = labelledRows(manifest, 'real');
    const pixels = await open('read', real, options);
    if (pixels.count === 0) {
      const [first] = quarantine;
      const why = first ? ` The first: ${first.path}: ${first.reason}` : '';
      throw new RunError(
        `None of the ${real.length} labelled images of ${manifest.file} can be read.${why}`,
      );
    }
    const earlier = labelledRows(manifest, 'generated');
    const { channels } = pixels;
    const generated = await open('read generated', earlier, { ...options, channels });

    const { groups, contents } = await searchDuplicates(pixels, context);
    const split = splitReal(manifest, pixels.rows, {
      seed: options.seed,
      groupOf: (position) => groups[position] ?? position,
    });
    if (split.train.length === 0) {
      throw new RunError(
        `No row of ${manifest.file} is in the train split; there is nothing to learn from.`,
      );
    }
    const counts = countImages(manifest, pixels, generated);
    return { manifest, pixels, generated, split, groups, contents, counts, quarantine, close };
  } catch (error) {
    // What went wrong first is what is told.
    await close().catch(() => undefined);
    throw error;
  }
}
