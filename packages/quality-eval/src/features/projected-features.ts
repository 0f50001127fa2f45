import type { StepCompiler } from '../step-compiler.js';
import { fitPrincipalComponents } from './principal-components.js';
import type { FeatureExtractor } from './feature-extractor.js';
import { fitStandardisation } from './standardisation.js';

/** Images described at a time: 2,880 features of a thousand are 12 MB. */
const IMAGES = 1024;

/**
 * Opens features to measure novelty with: those of an extractor, standardised and projected onto the 64 principal
 * components of a sample of the train images. The extractor stays open, and is the caller's to dispose of.
 *
 * @param sample uint8 [n, size, size, channels], n at least 2: a few thousand say enough
 */
export async function openProjectedFeatures(
  compiler: StepCompiler,
  extractor: FeatureExtractor,
  { sample, size, channels }: { sample: Uint8Array; size: number; channels: number },
): Promise<FeatureExtractor> {
  const bytes = size * size * channels;
  const raw = await extractor.extract(sample);
  const standard = fitStandardisation(raw, extractor.dimensions);
  const projection = await fitPrincipalComponents(
    compiler,
    standard.apply(raw),
    extractor.dimensions,
  );
  return {
    name: `${extractor.name}-pca${projection.components}`,
    dimensions: projection.components,
    async extract(images) {
      const projected = new Float32Array((images.length / bytes) * projection.components);
      for (let from = 0; from * bytes < images.length; from += IMAGES) {
        const block = images.subarray(from * bytes, (from + IMAGES) * bytes);
        const described = standard.apply(await extractor.extract(block));
        projected.set(await projection.apply(described), from * projection.components);
      }
      return projected;
    },
    dispose: () => projection.dispose(),
  };
}
