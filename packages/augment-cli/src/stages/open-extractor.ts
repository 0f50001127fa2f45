import type { Engine } from '@evenset/gan-core';
import {
  openOnnxExtractor,
  openRandomConvFeatures,
  type ExtractorOptions,
  type FeatureExtractor,
} from '@evenset/quality-eval';
import { join } from 'node:path';
import type { CommandContext } from '../command.js';
import { defaultCacheDir } from '../run/cache-dir.js';
import { keepFeatures } from './keep-features.js';
import type { ReadOptions } from './open-pixels.js';

/**
 * Opens what describes images: fixed random convolutions, which take .3 ms an image and would fill 12 kB of disk with each,
 * or the user's own model, whose features of real images are kept in the cache folder.
 */
export async function openExtractor(
  { cacheDir = defaultCacheDir(), ...options }: ExtractorOptions & Pick<ReadOptions, 'cacheDir'>,
  image: { readonly size: number; readonly channels: number },
  engine: Engine,
  { narrator }: Pick<CommandContext, 'narrator'>,
): Promise<FeatureExtractor> {
  const { extractor: model } = options;
  if (model === undefined) return openRandomConvFeatures(engine, image);
  const extractor = await openOnnxExtractor({ ...options, extractor: model }, image, engine);
  const shape = `${image.size}x${image.size}x${image.channels}`;
  const folder = join(cacheDir, 'features', `${extractor.fingerprint ?? ''}-${shape}`);
  return keepFeatures(extractor, folder, image, (text) => {
    narrator.warn(text);
  });
}
