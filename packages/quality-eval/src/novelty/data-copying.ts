import { rankSum } from '../statistics/rank-sum.js';
import { rowsOf } from '../statistics/rows-of.js';
import type { FeatureSearch } from './feature-search.js';
import { assignCells, kMeans } from './k-means.js';

/** Whether a generator repeats its train images, as a set. */
export interface DataCopying {
  /** C_T: standard deviations by which generated images are farther from train than held-out ones; below 0 nearer. */
  readonly score: number;
  /** Below -3. */
  readonly isCopying: boolean;
  /** Cells that the score is the mean of. */
  readonly cells: number;
}

/** Held-out images below which nothing is said, and that a cell holds on average; generated ones that it must hold. */
const MIN_IMAGES = 20;
const MAX_CELLS = 20;
const COPYING = -3;

/**
 * The data-copying test: in each k-means cell of the train images, the Mann-Whitney z of generated against held-out
 * images' distances to the nearest train image there, averaged with the cells' shares of held-out images.
 * Metrics like this miss single copies; they are found one by one.
 * Source: Meehan et al., "A non-parametric test to detect data-copying in generative models" (2020), section 4.
 *
 * @param features of one class, [n, d] each
 * @returns undefined for fewer than 20 held-out images, or where no cell holds 20 generated ones
 */
export async function dataCopying(
  search: FeatureSearch,
  features: {
    readonly train: Float32Array;
    readonly heldOut: Float32Array;
    readonly generated: Float32Array;
  },
  seed = 1,
): Promise<DataCopying | undefined> {
  const { dimensions } = search;
  const held = features.heldOut.length / dimensions;
  if (held < MIN_IMAGES) return undefined;
  const wanted = Math.min(Math.floor(held / MIN_IMAGES), MAX_CELLS);
  const centres = kMeans(features.train, dimensions, wanted, seed);
  const inCells = (rows: Float32Array) => {
    const { cells } = assignCells(rows, centres, dimensions);
    return (cell: number) =>
      rowsOf(
        rows,
        dimensions,
        [...cells.keys()].filter((row) => cells[row] === cell),
      );
  };
  const [trainIn, heldOutIn, generatedIn] = [
    inCells(features.train),
    inCells(features.heldOut),
    inCells(features.generated),
  ];

  let [sum, weights, cells] = [0, 0, 0];
  for (let cell = 0; cell < centres.length / dimensions; cell++) {
    const [train, heldOut, generated] = [trainIn(cell), heldOutIn(cell), generatedIn(cell)];
    const isTooFew = generated.length / dimensions < MIN_IMAGES;
    if (isTooFew || heldOut.length === 0 || train.length === 0) continue;
    const ofGenerated = await search.nearest(generated, train, 1);
    const ofHeldOut = await search.nearest(heldOut, train, 1);
    const weight = heldOut.length / features.heldOut.length;
    sum += weight * rankSum(ofGenerated.distances, ofHeldOut.distances).z;
    weights += weight;
    cells++;
  }
  if (cells === 0) return undefined;
  const score = sum / weights;
  return { score, isCopying: score < COPYING, cells };
}
