/** Named sizes of the networks. */
export const presetNames = ['tiny32', 'base32'] as const;
export type PresetName = (typeof presetNames)[number];

/** Channels of the blocks, from the 4x4 end outwards, for 32x32 images. */
const widths: Record<
  PresetName,
  { generator: readonly number[]; discriminator: readonly number[] }
> = {
  tiny32: { generator: [128, 64, 32, 16], discriminator: [128, 64, 32] },
  base32: { generator: [256, 128, 64, 32], discriminator: [256, 128, 64] },
};

/** Everything that defines the networks; saved with every checkpoint. */
export interface GanConfig {
  /** Side length of the images in pixels: 4 times a power of two. */
  readonly size: number;
  readonly channels: 1 | 3;
  readonly classes: number;
  /** Length of the noise vector. */
  readonly latentDim: number;
  /** Length of the class embedding. */
  readonly embeddingDim: number;
  /** Channels at 4x4, 8x8, ... up to the image's size. */
  readonly generatorWidths: readonly number[];
  /** Channels at 4x4, 8x8, ... up to half the image's size. */
  readonly discriminatorWidths: readonly number[];
}

/** The networks of a preset for images of a given size; larger ones get more blocks, smaller ones fewer. */
export function presetConfig(
  preset: PresetName,
  image: { size: number; channels: 1 | 3; classes: number },
  latentDim: number,
): GanConfig {
  const blocks = Math.log2(image.size / 4);
  if (!Number.isInteger(blocks) || blocks < 1) {
    throw new RangeError(
      `Expected an image size of 8, 16, 32, 64 or 128 but received ${image.size}.`,
    );
  }
  const { generator, discriminator } = widths[preset];
  return {
    ...image,
    latentDim,
    embeddingDim: 64,
    generatorWidths: fit(generator, blocks + 1),
    discriminatorWidths: fit(discriminator, blocks),
  };
}

/** The first `length` widths, the last one repeated. */
function fit(widths: readonly number[], length: number): number[] {
  return Array.from({ length }, (_, i) => widths[Math.min(i, widths.length - 1)] ?? 16);
}
