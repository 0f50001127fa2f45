import * as tf from '@tensorflow/tfjs-core';
import { flipHorizontally, rootMeanSquare, toUnitFloats } from '../pixels.js';
import { shortlist, type Shortlist } from './shortlist.js';
import type { StepCompiler } from '../step-compiler.js';

/** Images to search in, read block by block so that memory does not grow with their number. */
export interface ReferenceImages {
  /** Which images, as `read` knows them. */
  readonly positions: Int32Array;
  /** uint8 [n, size, size, channels] of the images at `positions`. */
  read(positions: ArrayLike<number>): Promise<Uint8Array>;
}

export interface Neighbours {
  /** Root mean square pixel difference to the nearest reference, in [0, 1]; Infinity without any. */
  readonly distances: Float64Array;
  /** Position of that reference, -1 without any. */
  readonly positions: Int32Array;
}

export interface NeighbourSearch {
  /**
   * The nearest reference of each query image, exactly, over both the image and its mirror image.
   *
   * @param queries uint8 [n, size, size, channels]
   * @param options.leaveOut position of each query among the references, itself and exact copies of
   *   it are then not its neighbours (leave-one-out)
   */
  nearest(
    queries: Uint8Array,
    references: ReferenceImages,
    options?: { leaveOut?: Int32Array },
  ): Promise<Neighbours>;
  dispose(): Promise<void>;
}

/** Queries per block; each is sought together with its mirror image. */
const QUERY_BLOCK = 64;
/** References per block: 1,024 images of 32x32x3 are 12 MB of float32. */
const REFERENCE_BLOCK = 1024;
/** Queries for which references are read and converted once: with their mirror images they take as much as a block of those. */
const QUERIES = REFERENCE_BLOCK / 2;

/** Some queries and their mirror images as floats, and the best references of each. */
interface QueryBlock {
  readonly floats: Float32Array;
  readonly lists: readonly Shortlist[];
}

/**
 * Opens an exact brute-force nearest-neighbour search in pixel space.
 * Candidates are ranked by |b|^2 - 2ab with one matrix product per block; the five best are then
 * recomputed directly, because that expansion in float32 does not give 0 for an exact copy.
 */
export async function openNeighbourSearch(
  compiler: StepCompiler,
  image: { size: number; channels: number },
): Promise<NeighbourSearch> {
  const pixels = image.size * image.size * image.channels;
  const products = await compiler.compile(
    (queries, references) => [tf.matMul(queries, references, false, true)],
    {
      inputs: [
        { name: 'queries', shape: [2 * QUERY_BLOCK, pixels] },
        { name: 'references', shape: [REFERENCE_BLOCK, pixels] },
      ],
      variables: [],
    },
  );
  const referenceBlock = new Float32Array(REFERENCE_BLOCK * pixels);

  /** Fills the shortlists of queries from all references. */
  async function rank(blocks: readonly QueryBlock[], references: ReferenceImages): Promise<void> {
    for (let from = 0; from < references.positions.length; from += REFERENCE_BLOCK) {
      const positions = references.positions.subarray(from, from + REFERENCE_BLOCK);
      const block = await references.read(positions);
      const norms = toUnitFloats(block, referenceBlock, pixels);
      for (const { floats, lists } of blocks) {
        const [dots] = await products.run(floats, referenceBlock);
        if (!dots) throw new Error('Expected one output of the matrix product but received none.');
        lists.forEach((list, query) => {
          const own = query * REFERENCE_BLOCK;
          const mirror = (query + QUERY_BLOCK) * REFERENCE_BLOCK;
          for (let r = 0; r < positions.length; r++) {
            const product = Math.max(dots[own + r] ?? 0, dots[mirror + r] ?? 0);
            const distance = (norms[r] ?? 0) - 2 * product;
            if (distance < list.worst) list.add(distance, positions[r] ?? -1, block, r * pixels);
          }
        });
      }
    }
  }

  /** A block of up to 64 queries, none of which has a reference yet. */
  function openBlock(
    queries: Uint8Array,
    mirrored: Uint8Array,
    leaveOut: Int32Array | undefined,
  ): QueryBlock {
    const floats = new Float32Array(2 * QUERY_BLOCK * pixels);
    toUnitFloats(queries, floats, pixels);
    toUnitFloats(mirrored, floats.subarray(QUERY_BLOCK * pixels), pixels);
    const lists = Array.from({ length: queries.length / pixels }, (_, i) =>
      shortlist(pixels, leaveOut?.[i]),
    );
    return { floats, lists };
  }

  return {
    async nearest(queries, references, { leaveOut } = {}) {
      const count = queries.length / pixels;
      const distances = new Float64Array(count);
      const positions = new Int32Array(count);
      const mirrored = flipHorizontally(queries, image.size, image.channels);
      for (let from = 0; from < count; from += QUERIES) {
        const blocks: QueryBlock[] = [];
        for (let first = from; first < Math.min(from + QUERIES, count); first += QUERY_BLOCK) {
          const slice = [first * pixels, (first + QUERY_BLOCK) * pixels] as const;
          const left = leaveOut?.subarray(first, first + QUERY_BLOCK);
          blocks.push(openBlock(queries.subarray(...slice), mirrored.subarray(...slice), left));
        }
        await rank(blocks, references);
        const lists = blocks.flatMap((block) => block.lists);
        lists.forEach((list, i) => {
          const at = [(from + i) * pixels, (from + i + 1) * pixels] as const;
          const best = nearestOf(
            list,
            queries.subarray(...at),
            mirrored.subarray(...at),
            leaveOut !== undefined,
          );
          distances[from + i] = best.distance;
          positions[from + i] = best.position;
        });
      }
      return { distances, positions };
    },
    dispose: () => products.dispose(),
  };
}

/** The exact nearest of a shortlist; exact copies do not count when `skipCopies`. */
function nearestOf(list: Shortlist, image: Uint8Array, mirror: Uint8Array, skipCopies: boolean) {
  let best = { distance: Infinity, position: -1 };
  for (const { pixels, position } of list.entries) {
    const distance = Math.min(rootMeanSquare(image, pixels), rootMeanSquare(mirror, pixels));
    if (skipCopies && distance === 0) continue;
    if (distance < best.distance) best = { distance, position };
  }
  return best;
}
