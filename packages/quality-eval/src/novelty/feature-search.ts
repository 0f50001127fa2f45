import * as tf from '@tensorflow/tfjs-core';
import { squaredDistance } from '../distances/squared-distances.js';
import { smallestPerRow } from '../distances/smallest-per-row.js';
import type { StepCompiler } from '../step-compiler.js';

/** The nearest references of each query, nearest first. */
export interface FeatureNeighbours {
  /** Euclidean distances, [queries, count]; Infinity where there are fewer references. */
  readonly distances: Float64Array;
  /** Rows of the references, [queries, count]; -1 where there are fewer. */
  readonly rows: Int32Array;
}

export interface FeatureSearch {
  /** Values per row. */
  readonly dimensions: number;
  /**
   * The `count` nearest references of each query by brute force. Takes time in proportion to both numbers, and memory
   * in proportion to the larger one.
   *
   * @param queries [m, dimensions]
   * @param references [n, dimensions]
   * @param options.leaveOut row of each query among the references, which is not its neighbour then (leave-one-out)
   */
  nearest(
    queries: Float32Array,
    references: Float32Array,
    count: number,
    options?: { leaveOut?: Int32Array },
  ): Promise<FeatureNeighbours>;
  dispose(): Promise<void>;
}

/** Rows of a block: large ones bring the product to its speed, small ones waste little on a few candidates. */
const QUERIES = [64, 512];
const REFERENCES = [256, 2048];
/** References of which the compiled step returns only the smallest distance: that many times fewer numbers to move. */
const GROUP = 16;
/** Groups looked into beyond those needed, since their order is that of float32. */
const SPARE = 5;
/** Stands for the squared norm of rows that fill a block up. */
const FAR = 1e37;

/**
 * Opens an exact nearest-neighbour search for vectors of `dimensions` values. A group holds a query's n-th neighbour
 * only if its smallest distance is among the n smallest ones of all groups. Those groups are looked through directly,
 * because |b|^2 - 2ab in float32, which ranks them, does not give 0 for an exact copy.
 */
export async function openFeatureSearch(
  compiler: StepCompiler,
  dimensions: number,
): Promise<FeatureSearch> {
  const width = dimensions + 1;
  const smallest = await compiler.compile(
    (queries, references) => [
      tf.min(
        tf.reshape(tf.matMul(queries, references, false, true), [
          -1,
          references.shape[0] / GROUP,
          GROUP,
        ]),
        2, // [queries, groups]
      ),
    ],
    {
      inputs: [
        { name: 'queries', shape: [null, width] },
        { name: 'references', shape: [null, width] },
      ],
      variables: [],
    },
  );

  /** Each query's best groups of references, by their numbers; while one block is read, the next is computed. */
  async function bestGroups(queries: Float32Array, references: Float32Array, count: number) {
    const rows = queries.length / dimensions;
    const best = smallestPerRow(rows, count);
    const left = queryBlock(queries, dimensions);
    const block = sizeFor(REFERENCES, references.length / dimensions);
    const [groups, length] = [block / GROUP, block * dimensions];
    const ranksFrom = (from: number) => {
      if (from >= references.length) return undefined;
      const own = references.subarray(from, from + length);
      return smallest.run(left, referenceBlock(own, block, dimensions));
    };
    let ready = ranksFrom(0);
    for (let from = 0, first = 0; ready; from += length, first += groups) {
      const next = ranksFrom(from + length);
      // Its error is thrown when its turn comes, should nothing fail before.
      next?.catch(() => undefined);
      const [ranks = new Float32Array(0)] = await ready;
      for (let row = 0; row < rows; row++) {
        for (let group = 0; group < groups; group++) {
          best.add(row, first + group, ranks[row * groups + group] ?? Infinity);
        }
      }
      ready = next;
    }
    return best.columns;
  }

  return {
    dimensions,
    async nearest(queries, references, count, { leaveOut } = {}) {
      const total = references.length / dimensions;
      const nearest = smallestPerRow(queries.length / dimensions, count);
      const looked = count + SPARE + (leaveOut ? 1 : 0);
      const size = sizeFor(QUERIES, queries.length / dimensions);
      for (let from = 0; from < queries.length / dimensions; from += size) {
        const block = queries.subarray(from * dimensions, (from + size) * dimensions);
        const best = await bestGroups(block, references, looked);
        best.forEach((group, at) => {
          if (group < 0) return;
          const query = from + Math.floor(at / looked);
          const to = Math.min((group + 1) * GROUP, total);
          for (let row = group * GROUP; row < to; row++) {
            if (leaveOut?.[query] === row) continue;
            const squared = squaredDistance(
              queries,
              query * dimensions,
              references,
              row * dimensions,
              dimensions,
            );
            nearest.add(query, row, squared);
          }
        });
      }
      return { distances: nearest.values.map(Math.sqrt), rows: nearest.columns };
    },
    dispose: () => smallest.dispose(),
  };
}

/** The smallest size of a block that holds all rows, else the largest. */
function sizeFor(sizes: readonly number[], rows: number): number {
  return sizes.find((size) => size >= rows) ?? sizes.at(-1) ?? rows;
}

/** Rows (-2a, 1), whose products with (b, |b|^2) are |b|^2 - 2ab. */
function queryBlock(queries: Float32Array, dimensions: number): Float32Array {
  const rows = sizeFor(QUERIES, queries.length / dimensions);
  const block = new Float32Array(rows * (dimensions + 1));
  for (let row = 0; row < queries.length / dimensions; row++) {
    const at = row * (dimensions + 1);
    for (let i = 0; i < dimensions; i++) block[at + i] = -2 * (queries[row * dimensions + i] ?? 0);
    block[at + dimensions] = 1;
  }
  return block;
}

/** Rows (b, |b|^2), filled up with rows that are far from everything. */
function referenceBlock(references: Float32Array, rows: number, dimensions: number): Float32Array {
  const block = new Float32Array(rows * (dimensions + 1));
  for (let row = 0; row < rows; row++) {
    const own = references.subarray(row * dimensions, (row + 1) * dimensions);
    const at = row * (dimensions + 1);
    block.set(own, at);
    let norm = 0;
    for (const value of own) norm += value * value;
    block[at + dimensions] = own.length > 0 ? norm : FAR;
  }
  return block;
}
