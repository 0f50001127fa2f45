import type { ModelConfig, ModelName, ModelShape, PresetName } from './model-config.js';
import { modelKinds } from './model-kinds.js';

/** The preset where none is named. */
const DEFAULT_PRESET: PresetName = 'tiny32';

/**
 * The side length of the images that a model is meant for, in pixels.
 *
 * @param preset auto is the smallest
 */
export function imageSizeOf(model: ModelName, preset: ModelShape['preset']): number {
  return modelKinds[model].plan.size(named(preset));
}

/**
 * The config of a model for images of some kind.
 *
 * @throws RangeError when the model cannot be made for the size, the preset, the widths or the conditional maps; the message
 * names the flag
 */
export function configureModel(name: ModelName, shape: ModelShape): ModelConfig {
  const { plan, embeddingDim } = modelKinds[name];
  const { preset, size, channels, classes, latentDim, perClass, conditionalFrom } = shape;
  const { discriminatorNorm } = shape;
  if (preset !== 'auto' && !plan.hasPresets) {
    throw new RangeError(
      `Expected no --preset with --model ${name}, whose widths are its own, but received ${preset}; --generator-widths and --discriminator-widths change them.`,
    );
  }
  if (embeddingDim > 0 && conditionalFrom !== undefined && conditionalFrom > size) {
    throw new RangeError(
      `Expected --conditional-from of at most ${size}, the images' size in pixels, but received ${conditionalFrom}: no map would know the class.`,
    );
  }
  const own = plan.widths(size, named(preset));
  const widths = (key: 'generatorWidths' | 'discriminatorWidths', flag: string) => {
    const given = shape[key];
    if (!given) return own[key];
    const needed = own[key].length;
    if (!plan.hasFreeDepth && given.length !== needed) {
      throw new RangeError(
        `Expected ${needed} widths for ${flag} (${name} at ${size} pixels has ${own[key].join(',')}) but received ${given.length}: ${given.join(',')}.`,
      );
    }
    return given;
  };
  return {
    model: name,
    size,
    channels,
    classes,
    latentDim,
    embeddingDim,
    perClass,
    ...(embeddingDim > 0 && { conditionalFrom }),
    ...(embeddingDim > 0 && discriminatorNorm === 'none' && { discriminatorNorm }),
    generatorWidths: widths('generatorWidths', '--generator-widths'),
    discriminatorWidths: widths('discriminatorWidths', '--discriminator-widths'),
  };
}

function named(preset: ModelShape['preset']): PresetName {
  return preset === 'auto' ? DEFAULT_PRESET : preset;
}
