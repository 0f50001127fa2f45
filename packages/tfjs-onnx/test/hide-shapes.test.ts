import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { encodeModel } from '../src/graph/encode-model.js';
import { GraphBuilder } from '../src/graph/graph-builder.js';
import { hideShapes } from '../src/graph/hide-shapes.js';
import { randomValues } from './run-both.js';

const [ROWS, COLUMNS] = [512, 256];

/** A product of a matrix with itself turned, through two large reshapes and a small one. */
function reshapes(): GraphBuilder {
  const graph = new GraphBuilder();
  const x = graph.input('x', [ROWS * COLUMNS], 'float32');
  graph.input('unused', [], 'float32');
  const scale = graph.input('scale', [], 'float32');
  const matrix = graph.op('Reshape', [x, graph.ints([ROWS, COLUMNS])]);
  const other = graph.op('Reshape', [graph.op('Mul', [x, scale]), graph.ints([COLUMNS, ROWS])]);
  const product = graph.op('MatMul', [other, matrix]);
  const sums = graph.op('ReduceSum', [product, graph.ints([0])], { keepdims: 1 });
  graph.output(graph.op('Reshape', [sums, graph.ints([COLUMNS])]), [COLUMNS], 'float32');
  return graph;
}

async function run(model: Uint8Array): Promise<unknown> {
  const session = await ort.InferenceSession.create(model, { logSeverityLevel: 4 });
  const [result] = Object.values(
    await session.run({
      x: new ort.Tensor('float32', randomValues(1, ROWS * COLUMNS), [ROWS * COLUMNS]),
      scale: new ort.Tensor('float32', [0.5], []),
    }),
  );
  await session.release();
  return result?.data;
}

describe('a graph whose large shapes are hidden', () => {
  it('computes the same bits', async () => {
    const graph = reshapes();
    const expected = await run(encodeModel(graph));
    expect(expected).toHaveLength(COLUMNS);
    expect(await run(encodeModel(graph, hideShapes(graph)))).toEqual(expected);
  });

  it('keeps the small ones, which can be planned', () => {
    const graph = reshapes();
    const shapes = hideShapes(graph)
      .filter(({ type }) => type === 'Reshape')
      .map(({ inputs }) => graph.constants.some(({ name }) => name === inputs[1]));
    expect(shapes).toEqual([false, false, true]);
  });
});
