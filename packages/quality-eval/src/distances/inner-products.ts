import * as tf from '@tensorflow/tfjs-core';
import type { StepCompiler } from '../step-compiler.js';
import type { PairBlock, PairBlocks } from './pair-blocks.js';
import { rowBlocks } from './row-blocks.js';

/** Rows of both sides in a block. */
export interface BlockShape {
  readonly rows: number;
  readonly columns: number;
}

/** Small enough for thin classes, large enough for a matrix product to run at its speed. */
const SHAPE: BlockShape = { rows: 256, columns: 256 };

/** Opens the inner products of all pairs of rows; while one block is used, the next is computed. */
export async function openInnerProducts(
  compiler: StepCompiler,
  dimensions: number,
  shape = SHAPE,
): Promise<PairBlocks> {
  const product = await compiler.compile((a, b) => [tf.matMul(a, b, false, true)], {
    inputs: [
      { name: 'a', shape: [shape.rows, dimensions] },
      { name: 'b', shape: [shape.columns, dimensions] },
    ],
    variables: [],
  });
  return {
    dimensions,
    async *blocks(a, b) {
      let ready: Promise<PairBlock> | undefined;
      for (const left of rowBlocks(a, dimensions, shape.rows)) {
        for (const right of rowBlocks(b, dimensions, shape.columns)) {
          const next = product.run(left.values, right.values).then(([values]) => {
            if (!values) throw new Error('Expected one output of the product but received none.');
            return {
              rowFrom: left.from,
              rows: left.rows,
              columnFrom: right.from,
              columns: right.rows,
              values,
              stride: shape.columns,
            };
          });
          // Its error is thrown when its turn comes, should nothing fail before.
          next.catch(() => undefined);
          if (ready) yield await ready;
          ready = next;
        }
      }
      if (ready) yield await ready;
    },
    dispose: () => product.dispose(),
  };
}
