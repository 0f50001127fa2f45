import * as tf from '@tensorflow/tfjs-core';
import type { StepCompiler } from '../step-compiler.js';

/** Rows per block of a kernel matrix. */
const BLOCK = 256;

/** Measures how far two sets of feature vectors are from coming from one distribution. */
export interface KernelDistance {
  /**
   * The kernel distance (KID): squared maximum mean discrepancy with the kernel (x.y / d + 1)^3 as an unbiased
   * U-statistic, so that around 0, negative values included, means no difference. Source: Binkowski et al.,
   * "Demystifying MMD GANs" (2018), section 3.
   *
   * @param x [m, d], m at least 2
   * @param y [n, d], n at least 2
   * @throws RangeError for fewer rows
   */
  between(x: Float32Array, y: Float32Array): Promise<number>;
  dispose(): Promise<void>;
}

/** Opens the measure for vectors of `dimensions` values. */
export async function openKernelDistance(
  compiler: StepCompiler,
  dimensions: number,
): Promise<KernelDistance> {
  const products = await compiler.compile((a, b) => [tf.matMul(a, b, false, true)], {
    inputs: [
      { name: 'a', shape: [BLOCK, dimensions] },
      { name: 'b', shape: [BLOCK, dimensions] },
    ],
    variables: [],
  });

  /** Sum of the kernel over all pairs of rows, or over pairs of different rows of one set. */
  async function sumOfKernel(a: Float32Array, b: Float32Array, areSame: boolean): Promise<number> {
    let sum = 0;
    for (const { from, rows, block } of blocksOf(a, dimensions)) {
      for (const other of blocksOf(b, dimensions)) {
        const [inner = new Float32Array(0)] = await products.run(block, other.block);
        for (let i = 0; i < rows; i++) {
          for (let j = 0; j < other.rows; j++) {
            if (areSame && from + i === other.from + j) continue;
            sum += ((inner[i * BLOCK + j] ?? 0) / dimensions + 1) ** 3;
          }
        }
      }
    }
    return sum;
  }

  return {
    async between(x, y) {
      const [m, n] = [x.length / dimensions, y.length / dimensions];
      if (m < 2 || n < 2) {
        throw new RangeError(`Expected 2 or more images on both sides but received ${m} and ${n}.`);
      }
      const ofX = (await sumOfKernel(x, x, true)) / (m * (m - 1));
      const ofY = (await sumOfKernel(y, y, true)) / (n * (n - 1));
      return ofX + ofY - (2 * (await sumOfKernel(x, y, false))) / (m * n);
    },
    dispose: () => products.dispose(),
  };
}

/** Rows in blocks of one size, the last one filled with zeros. */
function* blocksOf(
  features: Float32Array,
  dimensions: number,
): Generator<{ from: number; rows: number; block: Float32Array }> {
  const count = features.length / dimensions;
  for (let from = 0; from < count; from += BLOCK) {
    const rows = Math.min(BLOCK, count - from);
    const block = new Float32Array(BLOCK * dimensions);
    block.set(features.subarray(from * dimensions, (from + rows) * dimensions));
    yield { from, rows, block };
  }
}
