import type { NetworkPlan } from './model.js';
import type { PresetName, Widths } from './model-config.js';

/** Widths by the side length of the images that they are meant for. */
interface Preset {
  readonly size: number;
  readonly generator: readonly number[];
  readonly discriminator: readonly number[];
}

/** Channels of the blocks from the 4x4 end outwards. */
const presets: Readonly<Record<PresetName, Preset>> = {
  tiny32: { size: 32, generator: [128, 64, 32, 16], discriminator: [128, 64, 32] },
  base32: { size: 32, generator: [256, 128, 64, 32], discriminator: [256, 128, 64] },
  base64: { size: 64, generator: [512, 256, 128, 64, 32], discriminator: [512, 256, 128, 64] },
  base128: {
    size: 128,
    generator: [512, 256, 128, 64, 32, 16],
    discriminator: [512, 256, 128, 64, 32],
  },
};

/**
 * The widths of a preset for images of a given size; larger ones get more blocks, smaller ones fewer.
 *
 * @throws RangeError when the size is not 4 times a power of two
 */
export function convolutionalWidths(size: number, preset: PresetName): Widths {
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

/** The plan of the models that presets name the widths of. */
export const convolutionalPlan: NetworkPlan = {
  hasPresets: true,
  hasFreeDepth: false,
  size: (preset) => presets[preset].size,
  widths: convolutionalWidths,
};

/** The first `length` widths, the last one repeated. */
function fit(widths: readonly number[], length: number): number[] {
  return Array.from({ length }, (_, i) => widths[Math.min(i, widths.length - 1)] ?? 16);
}
