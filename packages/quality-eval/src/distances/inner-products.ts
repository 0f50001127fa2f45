import * as tf from '@tensorflow/tfjs-core';
import type { StepCompiler } from '../step-compiler.js';
import type { PairBlock, PairBlocks } from './pair-blocks.js';
import { rowBlocks } from './row-blocks.js';

/** Opens the inner products of all pairs of rows; while one block is used, the next is computed. */
export async function openInnerProducts(
  compiler: StepCompiler,
  dimensions: number,
): Promise<PairBlocks> {
  const product = await compiler.compile((a, b) => [tf.matMul(a, b, false, true)], {
    inputs: [
      { name: 'a', shape: [null, dimensions] },
      { name: 'b', shape: [null, dimensions] },
    ],
    variables: [],
  });
  return {
    dimensions,
    async *blocks(a, b) {
      let ready: Promise<PairBlock> | undefined;
      for (const left of rowBlocks(a, dimensions)) {
        for (const right of rowBlocks(b, dimensions)) {
          const next = product.run(left.values, right.values).then(([values]) => {
            if (!values) throw new Error('Expected one output of the product but received none.');
            return {
              rowFrom: left.from,
              rows: left.rows,
              columnFrom: right.from,
              columns: right.rows,
              values,
              stride: right.length,
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
