import type { StepCompiler } from '../step-compiler.js';
import { openInnerProducts } from './inner-products.js';
import type { PairBlock, PairBlocks } from './pair-blocks.js';

/** Share of |a|^2 + |b|^2 below which float32 products have lost too many digits. */
const CANCELLED = 1e-3;

/**
 * Opens the squared Euclidean distances of all pairs of rows, as |a|^2 + |b|^2 - 2ab. That expansion does not give 0
 * for equal rows, so the distances of near pairs are recomputed directly: equal rows are at exactly 0.
 */
export async function openSquaredDistances(
  compiler: StepCompiler,
  dimensions: number,
): Promise<PairBlocks> {
  const products = await openInnerProducts(compiler, dimensions);
  return {
    dimensions,
    async *blocks(a, b) {
      const ofA = squaredNorms(a, dimensions);
      const ofB = a === b ? ofA : squaredNorms(b, dimensions);
      for await (const block of products.blocks(a, b)) {
        toSquaredDistances(block, ofA, ofB, (row, column) =>
          squaredDistance(a, row * dimensions, b, column * dimensions, dimensions),
        );
        yield block;
      }
    },
    dispose: () => products.dispose(),
  };
}

/** The squared distance of two rows of `dimensions` values at two offsets, in float64. */
export function squaredDistance(
  a: Float32Array,
  atA: number,
  b: Float32Array,
  atB: number,
  dimensions: number,
): number {
  let sum = 0;
  for (let i = 0; i < dimensions; i++) {
    const difference = (a[atA + i] ?? 0) - (b[atB + i] ?? 0);
    sum += difference * difference;
  }
  return sum;
}

function squaredNorms(features: Float32Array, dimensions: number): Float64Array {
  const norms = new Float64Array(features.length / dimensions);
  for (let row = 0; row < norms.length; row++) {
    let sum = 0;
    for (let at = row * dimensions; at < (row + 1) * dimensions; at++)
      sum += (features[at] ?? 0) ** 2;
    norms[row] = sum;
  }
  return norms;
}

/** Replaces a block's inner products by squared distances. */
function toSquaredDistances(
  { rowFrom, rows, columnFrom, columns, values, stride }: PairBlock,
  ofA: Float64Array,
  ofB: Float64Array,
  directly: (row: number, column: number) => number,
): void {
  for (let i = 0; i < rows; i++) {
    const own = ofA[rowFrom + i] ?? 0;
    for (let j = 0; j < columns; j++) {
      const sum = own + (ofB[columnFrom + j] ?? 0);
      const squared = sum - 2 * (values[i * stride + j] ?? 0);
      values[i * stride + j] =
        squared > CANCELLED * sum ? squared : directly(rowFrom + i, columnFrom + j);
    }
  }
}
