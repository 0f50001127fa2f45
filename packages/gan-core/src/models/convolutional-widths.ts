import type { PresetName } from './model-config.js';

/** Channels of the blocks from the 4x4 end outwards, for images of the size that the preset's name ends with. */
const presets: Record<
  PresetName,
  { generator: readonly number[]; discriminator: readonly number[] }
> = {
  tiny32: { generator: [128, 64, 32, 16], discriminator: [128, 64, 32] },
  base32: { generator: [256, 128, 64, 32], discriminator: [256, 128, 64] },
  base64: { generator: [512, 256, 128, 64, 32], discriminator: [512, 256, 128, 64] },
  base128: { generator: [512, 256, 128, 64, 32, 16], discriminator: [512, 256, 128, 64, 32] },
};

/**
 * The widths of a preset for images of a given size; larger ones get more blocks, smaller ones fewer.
 *
 * @throws RangeError when the size is not 4 times a power of two
 */
export function convolutionalWidths(preset: PresetName, size: number) {
  const blocks = Math.log2(size / 4);
  if (!Number.isInteger(blocks) || blocks < 1) {
    throw new RangeError(`Expected an image size of 8, 16, 32, 64 or 128 but received ${size}.`);
  }
  const { generator, discriminator } = presets[preset];
  return {
    generatorWidths: fit(generator, blocks + 1),
    discriminatorWidths: fit(discriminator, blocks),
  };
}

/** The first `length` widths, the last one repeated. */
function fit(widths: readonly number[], length: number): number[] {
  return Array.from({ length }, (_, i) => widths[Math.min(i, widths.length - 1)] ?? 16);
}
