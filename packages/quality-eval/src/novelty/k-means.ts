import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { squaredDistance } from '../distances/squared-distances.js';
import { rowsOf } from '../statistics/rows-of.js';

/** Rounds after which the centres are taken as they are. */
const MAX_ROUNDS = 30;

/**
 * The centres of a k-means clustering. Source: Lloyd (1982), first centres drawn as by Arthur and Vassilvitskii,
 * "k-means++" (2007).
 *
 * @param features [n, dimensions]
 * @param count how many, at most; fewer where there are fewer different rows
 * @returns [centres, dimensions]
 */
export function kMeans(
  features: Float32Array,
  dimensions: number,
  count: number,
  seed: number,
): Float32Array {
  let centres = firstCentres(features, dimensions, count, seed);
  let before = Infinity;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const { cells, squares } = assignCells(features, centres, dimensions);
    const total = squares.reduce((sum, square) => sum + square, 0);
    if (!(total < before)) break;
    before = total;
    centres = meansOf(features, cells, centres, dimensions);
  }
  return centres;
}

/** The nearest centre of each row, and its squared distance to it. */
export function assignCells(
  features: Float32Array,
  centres: Float32Array,
  dimensions: number,
): { cells: Int32Array; squares: Float64Array } {
  const rows = features.length / dimensions;
  const cells = new Int32Array(rows);
  const squares = new Float64Array(rows).fill(Infinity);
  for (let row = 0; row < rows; row++) {
    for (let cell = 0; cell < centres.length / dimensions; cell++) {
      const square = squaredDistance(
        features,
        row * dimensions,
        centres,
        cell * dimensions,
        dimensions,
      );
      if (square < (squares[row] ?? 0)) {
        squares[row] = square;
        cells[row] = cell;
      }
    }
  }
  return { cells, squares };
}

/** Rows drawn one after the other with probability in proportion to their squared distance to those drawn before. */
function firstCentres(
  features: Float32Array,
  dimensions: number,
  count: number,
  seed: number,
): Float32Array {
  const random = xoroshiro128plus(seed);
  const drawn: number[] = [];
  let squares: Float64Array = new Float64Array(features.length / dimensions).fill(1);
  while (drawn.length < count) {
    const total = squares.reduce((sum, square) => sum + square, 0);
    if (total === 0) break;
    let left = uniformFloat64(random) * total;
    const row = squares.findIndex((square) => square > 0 && (left -= square) <= 0);
    drawn.push(row < 0 ? squares.findLastIndex((square) => square > 0) : row);
    squares = assignCells(features, rowsOf(features, dimensions, drawn), dimensions).squares;
  }
  return rowsOf(features, dimensions, drawn);
}

/** The mean of each cell's rows; an empty one's centre stays. */
function meansOf(
  features: Float32Array,
  cells: Int32Array,
  centres: Float32Array,
  dimensions: number,
): Float32Array {
  const sums = new Float64Array(centres.length);
  const counts = new Float64Array(centres.length / dimensions);
  cells.forEach((cell, row) => {
    counts[cell] = (counts[cell] ?? 0) + 1;
    for (let i = 0; i < dimensions; i++) {
      const at = cell * dimensions + i;
      sums[at] = (sums[at] ?? 0) + (features[row * dimensions + i] ?? 0);
    }
  });
  return centres.map((centre, at) => {
    const count = counts[Math.floor(at / dimensions)] ?? 0;
    return count > 0 ? (sums[at] ?? 0) / count : centre;
  });
}
