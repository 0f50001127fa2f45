import type { Engine } from '@evenset/gan-core';
import {
  openOnnxExtractor,
  openRandomConvFeatures,
  type ExtractorOptions,
  type FeatureExtractor,
} from '@evenset/quality-eval';

/** Opens what describes images: the user's own model, or fixed random convolutions. */
export function openExtractor(
  options: ExtractorOptions,
  image: { readonly size: number; readonly channels: number },
  engine: Engine,
): Promise<FeatureExtractor> {
  const { extractor } = options;
  return extractor === undefined
    ? openRandomConvFeatures(engine, image)
    : openOnnxExtractor({ ...options, extractor }, image, engine);
}
