import {
  findDuplicates,
  splitImages,
  type DecodeOptions,
  type Manifest,
  type PixelStore,
  type QuarantineEntry,
  type Splits,
} from '@evenset/dataset-io';
import type { CommandContext } from '../command.js';
import { RunError } from '../errors.js';
import type { InputOptions } from '../options/input-options.js';
import { countImages, isGenerated } from './count-images.js';
import { openPixels } from './open-pixels.js';
import type { ClassCount } from './plan-targets.js';

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
  const labelled = [...manifest.labels.keys()].filter((row) => (manifest.labels[row] ?? -1) >= 0);
  const quarantine: QuarantineEntry[] = [];
  const open = (title: string, rows: readonly number[], decoding: DecodeOptions) =>
    openPixels(manifest, { title, rows, quarantine }, { ...options, ...decoding }, context);

  const real = labelled.filter((row) => !isGenerated(manifest, row));
  const pixels = await open('read', real, options);
  if (pixels.count === 0) {
    const [first] = quarantine;
    const why = first ? ` The first: ${first.path}: ${first.reason}` : '';
    throw new RunError(
      `None of the ${real.length} labelled images of ${manifest.file} can be read.${why}`,
    );
  }
  const earlier = labelled.filter((row) => isGenerated(manifest, row));
  const generated = await open('read generated', earlier, {
    ...options,
    channels: pixels.channels,
  });

  const { groups } = await findDuplicates(pixels);
  const { splits } = manifest;
  const split = splitImages({
    labels: pixels.labels,
    groupOf: (position) => groups[position] ?? position,
    classCount: manifest.classes.length,
    seed: options.seed,
    ...(splits && { splits: Array.from(pixels.rows, (row) => splits[row] ?? null) }),
  });
  if (split.train.length === 0) {
    throw new RunError(
      `No row of ${manifest.file} is in the train split; there is nothing to learn from.`,
    );
  }
  return {
    manifest,
    pixels,
    generated,
    split,
    groups,
    counts: countImages(manifest, pixels, generated),
    quarantine,
    async close() {
      await pixels.close();
      await generated.close();
    },
  };
}
