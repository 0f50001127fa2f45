import { mergeConfig } from 'vitest/config';
import { packageTests } from '../../vitest.shared.mjs';

export default mergeConfig(packageTests(import.meta.dirname), {
  // TensorFlow.js ships its tests as modules that Node cannot resolve by itself.
  test: { server: { deps: { inline: [/tfjs-core\/dist\/(?!tf-core)/] } } },
});
