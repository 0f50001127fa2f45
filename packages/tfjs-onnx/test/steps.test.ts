import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openOnnxEngine, type OnnxEngine } from '../src/index.js';
import { expectClose, randomValues } from './run-both.js';

let engine: OnnxEngine;
beforeEach(async () => {
  engine = await openOnnxEngine({ threads: 2 });
});
afterEach(() => engine.dispose());

const vector = [{ name: 'x', shape: [3] }];
const variableOf = (...values: number[]) => tf.variable(tf.tensor1d(values));

async function firstOf(...variables: tf.Variable[]): Promise<(number | undefined)[]> {
  const values = await Promise.all(variables.map((variable) => engine.read(variable)));
  return values.map(([first]) => first);
}

describe('a compiled step', () => {
  it('assigns variables and returns what it computed before', async () => {
    const total = variableOf(1, 2, 3);
    const step = await engine.compile(
      (x) => {
        const before = tf.mul(total, 1);
        total.assign(tf.add(total, x));
        return [before, tf.sum(total)];
      },
      { inputs: vector, variables: [total] },
    );
    await step.run(Float32Array.of(1, 1, 1));
    const [before, sum] = await step.run(Float32Array.of(0, 0, 5));
    expect([...(before ?? [])]).toEqual([2, 3, 4]);
    expect([...(sum ?? [])]).toEqual([14]);
    expect([...(await engine.read(total))]).toEqual([2, 3, 9]);
  });

  it('shares variables with the other steps of its engine', async () => {
    const shared = variableOf(0, 0, 0);
    const write = await engine.compile((x) => (shared.assign(x as tf.Tensor1D), []), {
      inputs: vector,
      variables: [shared],
    });
    const double = await engine.compile(() => [tf.mul(shared, 2)], {
      inputs: [],
      variables: [shared],
    });
    await write.run(Float32Array.of(1, 2, 3));
    expect([...((await double.run())[0] ?? [])]).toEqual([2, 4, 6]);
    await engine.write(shared, Float32Array.of(5, 5, 5));
    expect([...((await double.run())[0] ?? [])]).toEqual([10, 10, 10]);
    await write.run(Float32Array.of(7, 8, 9));
    expect([...((await double.run())[0] ?? [])]).toEqual([14, 16, 18]);
  });

  it('handles assigning twice, swapping, and two variables of one value', async () => {
    const [a, b, c] = [variableOf(1), variableOf(2), variableOf(0)];
    const step = await engine.compile(
      () => {
        const old = tf.mul(a, 1);
        a.assign(b);
        b.assign(old as tf.Tensor1D);
        c.assign(tf.tensor1d([100]));
        c.assign(old as tf.Tensor1D);
        return [];
      },
      { inputs: [], variables: [a, b, c] },
    );
    await step.run();
    expect(await firstOf(a, b, c)).toEqual([2, 1, 1]);
    await step.run();
    expect(await firstOf(a, b, c)).toEqual([1, 2, 2]);
  });

  it('returns inputs, variables, constants and the same value twice', async () => {
    const variable = variableOf(4);
    const step = await engine.compile(
      (x) => {
        const y = tf.add(x, 1);
        return [x, variable, tf.zeros([2]), y, y];
      },
      { inputs: [{ name: 'x', shape: [1] }], variables: [variable] },
    );
    const outputs = await step.run(Float32Array.of(3));
    expect(outputs.map((values) => [...values])).toEqual([[3], [4], [0, 0], [4], [4]]);
  });

  it('takes empty inputs, and gives them other shapes', async () => {
    const step = await engine.compile(
      (x) => [tf.reshape(x, [3, 0]), tf.sum(tf.add(tf.sum(tf.reshape(x, [3, 0, 2]), 1), 1))],
      { inputs: [{ name: 'x', shape: [0, 3] }], variables: [] },
    );
    expect(await step.run(new Float32Array(0))).toEqual([new Float32Array(0), Float32Array.of(6)]);
    await expect(step.run(new Float32Array(3))).rejects.toThrow(/Expected 0 values .* received 3/);
  });

  it('reads int32 inputs', async () => {
    const step = await engine.compile((i) => [tf.gather(tf.tensor1d([10, 20, 30]), i)], {
      inputs: [{ name: 'i', shape: [2], dtype: 'int32' }],
      variables: [],
    });
    expect([...((await step.run(Int32Array.of(2, 0)))[0] ?? [])]).toEqual([30, 10]);
  });

  it('takes its turn: runs that overlap lose no update', async () => {
    const count = variableOf(0);
    const step = await engine.compile(() => (count.assign(tf.add(count, 1)), []), {
      inputs: [],
      variables: [count],
    });
    await Promise.all([step.run(), step.run(), step.run()]);
    expect([...(await engine.read(count))]).toEqual([3]);
  });

  it('computes the same bits every time', async () => {
    const weights = tf.variable(tf.tensor4d(randomValues(1, 3 * 3 * 16 * 24), [3, 3, 16, 24]));
    const step = await engine.compile(
      (x) => {
        const { value, grads } = tf.variableGrads(
          () =>
            tf.mean(
              tf.tanh(tf.conv2d(x as tf.Tensor4D, weights as unknown as tf.Tensor4D, 2, 'same')),
            ),
          [weights],
        );
        return [value, ...Object.values(grads)];
      },
      { inputs: [{ name: 'x', shape: [8, 12, 12, 16] }], variables: [weights] },
    );
    const x = randomValues(2, 8 * 12 * 12 * 16);
    const first = await step.run(x);
    for (let i = 0; i < 5; i++) expect(await step.run(x)).toEqual(first);
  });

  it('leaves no tensors behind, however often it is compiled', async () => {
    const variable = variableOf(1, 2, 3);
    const compile = async () => {
      const step = await engine.compile(
        (x) => {
          const { grads } = tf.variableGrads(
            () => tf.sum(tf.square(tf.mul(variable, x))),
            [variable],
          );
          variable.assign(tf.sub(variable, grads[variable.name] as tf.Tensor1D));
          return [tf.sum(variable)];
        },
        { inputs: vector, variables: [variable] },
      );
      await step.dispose();
    };
    await compile();
    const { numTensors, numDataBuffers } = tf.memory();
    for (let i = 0; i < 5; i++) await compile();
    expect(tf.memory()).toMatchObject({ numTensors, numDataBuffers });
  });

  it('follows TensorFlow.js through steps of Adam on a small convolutional net', async () => {
    const shape = [2, 6, 6, 3] as const;
    const inputs = [1, 2, 3].map((seed) => randomValues(seed, 216));
    const initial = randomValues(9, 3 * 3 * 3 * 8, 0.3);
    const build = () => {
      const weights = tf.variable(tf.tensor4d(initial, [3, 3, 3, 8]));
      const moments = [tf.variable(tf.zeros([3, 3, 3, 8])), tf.variable(tf.zeros([3, 3, 3, 8]))];
      const step = (x: tf.Tensor) => {
        const { value, grads } = tf.variableGrads(
          () =>
            tf.mean(
              tf.softplus(
                tf.conv2d(x as tf.Tensor4D, weights as unknown as tf.Tensor4D, 1, 'same'),
              ),
            ),
          [weights],
        );
        const gradient = grads[weights.name] ?? weights;
        const [m, v] = moments as [tf.Variable, tf.Variable];
        m.assign(tf.add(tf.mul(m, 0.5), tf.mul(gradient, 0.5)));
        v.assign(tf.add(tf.mul(v, 0.999), tf.mul(tf.square(gradient), 0.001)));
        weights.assign(tf.sub(weights, tf.div(tf.mul(m, 0.01), tf.add(tf.sqrt(v), 1e-4))));
        return [value];
      };
      return { step, weights, variables: [weights, ...moments] };
    };

    const compiled = build();
    const run = await engine.compile(compiled.step, {
      inputs: [{ name: 'x', shape }],
      variables: compiled.variables,
    });
    for (const x of inputs) await run.run(x);

    await tf.setBackend('cpu');
    const eager = build();
    for (const x of inputs) tf.tidy(() => eager.step(tf.tensor4d(x, [...shape])));
    expectClose(
      await engine.read(compiled.weights),
      Float32Array.from(eager.weights.dataSync()),
      1e-5,
    );
  });
});

describe('a clear error', () => {
  it('for inputs of the wrong number, length or type', async () => {
    const step = await engine.compile((x) => [x], { inputs: vector, variables: [] });
    await expect(step.run()).rejects.toThrow('Expected 1 inputs but received 0.');
    await expect(step.run(new Float32Array(4))).rejects.toThrow(
      'Expected 3 values [3] for the input x but received 4.',
    );
    await expect(step.run(new Int32Array(3))).rejects.toThrow(
      'Expected a Float32Array for the input x',
    );
  });

  it('and the engine goes on after a step that failed', async () => {
    const variable = variableOf(1);
    const broken = () => {
      variable.assign(tf.tensor1d([5]));
      throw new Error('broken');
    };
    await expect(engine.compile(broken, { inputs: [], variables: [variable] })).rejects.toThrow(
      'broken',
    );
    const step = await engine.compile(() => [tf.mul(variable, 2)], {
      inputs: [],
      variables: [variable],
    });
    expect([...((await step.run())[0] ?? [])]).toEqual([2]);
  });
});
