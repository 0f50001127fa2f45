import * as tf from '@tensorflow/tfjs-core';
import onnxProto from 'onnx-proto';
import * as ort from 'onnxruntime-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NonFiniteError, openOnnxEngine, type OnnxEngine } from '../src/index.js';
import { randomValues } from './run-both.js';

let engine: OnnxEngine;
beforeEach(async () => {
  engine = await openOnnxEngine({ threads: 2 });
});
afterEach(() => engine.dispose());

const rows = [{ name: 'x', shape: [null, 3] }];

/** A regression step: the loss of before, and weights one gradient further. */
function regression() {
  const weights = tf.variable(tf.tensor2d([1, 2, 3], [3, 1]), true, `weights-${Math.random()}`);
  const offset = tf.variable(tf.tensor1d([0.5]), true, `offset-${Math.random()}`);
  const step = (x: tf.Tensor) => {
    const { value, grads } = tf.variableGrads(
      () =>
        tf.mean(
          tf.square(tf.add(tf.matMul(x as tf.Tensor2D, weights as unknown as tf.Tensor2D), offset)),
        ),
      [weights],
    );
    weights.assign(tf.sub(weights, tf.mul(grads[weights.name] ?? weights, 0.1)));
    return [value];
  };
  return { step, weights, offset, variables: [weights, offset] };
}

describe('the first values of a variable', () => {
  it('move to the engine: reading them says where they are', async () => {
    const variable = tf.tidy(() => tf.variable(tf.tensor1d([1, 2, 3])));
    await engine.compile(() => [tf.mul(variable, 2)], { inputs: [], variables: [variable] });
    expect(() => variable.dataSync()).toThrow(/engine\.read\(variable\)/);
    await expect(variable.data()).rejects.toThrow(/engine\.read\(variable\)/);
    expect([...(await engine.read(variable))]).toEqual([1, 2, 3]);
  });

  it('stay where another tensor has them too', async () => {
    const initial = tf.tensor1d([1, 2]);
    const variable = tf.variable(initial);
    await engine.write(variable, Float32Array.of(3, 4));
    expect([...initial.dataSync()]).toEqual([1, 2]);
    expect([...(await engine.read(variable))]).toEqual([3, 4]);
  });
});

describe('variables of one value', () => {
  const increment = (variable: tf.Variable<tf.Rank.R1>) => () => {
    variable.assign(tf.add(variable, 1));
    return [tf.sum(variable)];
  };

  it('are two, whether they were made from one tensor or one from the other', async () => {
    const initial = tf.tensor1d([1, 2]);
    const weights = tf.variable(initial);
    const others = [tf.variable(initial), tf.variable<tf.Rank.R1>(weights)];
    const variables = [weights, ...others];
    const step = await engine.compile(increment(weights), { inputs: [], variables });
    await step.run();
    await step.run();
    expect([...(await engine.read(weights))]).toEqual([3, 4]);
    for (const other of others) expect([...(await engine.read(other))]).toEqual([1, 2]);
    expect([...initial.dataSync()]).toEqual([1, 2]);
  });

  it('go on when another one is freed', async () => {
    const weights = tf.variable(tf.tensor1d([1, 2]));
    const average = tf.variable<tf.Rank.R1>(weights);
    const step = await engine.compile(increment(weights), { inputs: [], variables: [weights] });
    await engine.read(average);
    average.dispose();
    expect(await step.run()).toEqual([Float32Array.of(5)]);
    await expect(engine.read(average)).rejects.toThrow(`${average.name} is disposed of`);
  });

  it('are refused where only the thread has it, saying how to copy it', async () => {
    const weights = tf.variable(tf.tensor1d([1, 2]));
    await engine.read(weights);
    const average = tf.variable<tf.Rank.R1>(weights, true, 'average');
    await expect(engine.read(average)).rejects.toThrow(/engine\.write\(average, values\)/);
    const step = { inputs: [], variables: [average] };
    await expect(engine.compile(increment(average), step)).rejects.toThrow(/engine\.write/);
    await engine.write(average, await engine.read(weights));
    await (await engine.compile(increment(average), step)).run();
    expect([...(await engine.read(average))]).toEqual([2, 3]);
    expect([...(await engine.read(weights))]).toEqual([1, 2]);
    average.dispose();
  });
});

describe('an assignment outside of a step', () => {
  /** A variable of [1, 2] with a step that reads it and one that writes it, and the tensor that it was made from. */
  async function assigned() {
    const initial = tf.tensor1d([1, 2]);
    const weights = tf.variable(initial);
    const options = { inputs: [], variables: [weights] };
    const read = await engine.compile(() => [tf.mul(weights, 10)], options);
    const double = () => (weights.assign(tf.mul(weights, 2)), []);
    const write = await engine.compile(double, options);
    return { initial, weights, read, write };
  }

  it('is what the next run reads', async () => {
    const { weights, read, write } = await assigned();
    for (const [value, ...runs] of [[7], [8, write], [9, write, write]] as const) {
      weights.assign(tf.tensor1d([value, 0]));
      for (const step of runs) await step.run();
      expect(await read.run()).toEqual([Float32Array.of(10 * value * 2 ** runs.length, 0)]);
    }
  });

  it('is what is read, with no run between', async () => {
    const { weights, read } = await assigned();
    weights.assign(tf.tensor1d([7, 8]));
    expect([...(await engine.read(weights))]).toEqual([7, 8]);
    weights.assign(tf.tensor1d([9, 8]));
    await engine.write(weights, Float32Array.of(5, 6));
    expect([...(await engine.read(weights))]).toEqual([5, 6]);
    expect(await read.run()).toEqual([Float32Array.of(50, 60)]);
  });

  it('can bring the first values back', async () => {
    const { initial, weights, read, write } = await assigned();
    await write.run();
    weights.assign(initial);
    expect(await read.run()).toEqual([Float32Array.of(10, 20)]);
    expect([...(await engine.read(weights))]).toEqual([1, 2]);
  });

  it('comes after the runs that were asked for before', async () => {
    const { weights, read, write } = await assigned();
    const running = write.run();
    weights.assign(tf.tensor1d([3, 3]));
    expect(await read.run()).toEqual([Float32Array.of(30, 30)]);
    await running;
  });

  it('reaches an exported model too', async () => {
    const { weights, read } = await assigned();
    weights.assign(tf.tensor1d([3, 4]));
    const session = await ort.InferenceSession.create(await read.toOnnx());
    expect((await session.run({})).output0?.data).toEqual(Float32Array.of(30, 40));
  });
});

describe('a step with an open length', () => {
  it('is compiled once for each shape that it is run with', async () => {
    const total = tf.variable(tf.tensor1d([0, 0, 0]));
    let traces = 0;
    const step = await engine.compile(
      (x) => {
        traces++;
        total.assign(tf.add<tf.Tensor1D>(total, tf.sum(x, 0)));
        return [tf.mean(x)];
      },
      { inputs: rows, variables: [total] },
    );
    expect(step.stats.shapes).toBe(0);
    for (const length of [1, 4, 1, 4, 2]) await step.run(new Float32Array(3 * length).fill(1));
    expect({ traces, shapes: step.stats.shapes }).toEqual({ traces: 3, shapes: 3 });
    expect([...(await engine.read(total))]).toEqual([12, 12, 12]);
  });

  it('keeps the slots that an optimizer made for the first shape', async () => {
    const weights = tf.variable(tf.tensor2d([1, 2, 3], [3, 1]));
    const optimizer = tf.train.momentum(0.1, 0.5);
    const step = await engine.compile(
      (x) => {
        const loss = () => tf.mean<tf.Scalar>(tf.matMul(x, weights));
        const { value, grads } = tf.variableGrads(loss, [weights]);
        optimizer.applyGradients(Object.entries(grads).map(([name, tensor]) => ({ name, tensor })));
        return [value];
      },
      { inputs: rows, variables: [weights] },
    );
    // The gradient is 1 for every weight, so the velocity is 1, 1.5, 1.75.
    for (const length of [1, 2, 1]) await step.run(new Float32Array(3 * length).fill(1));
    const [first = 0] = await engine.read(weights);
    expect(first).toBeCloseTo(1 - 0.1 * (1 + 1.5 + 1.75));
  });

  it('compiles a shape once for runs that overlap', async () => {
    let traces = 0;
    const step = await engine.compile((x) => (traces++, [tf.sum(x)]), {
      inputs: rows,
      variables: [],
    });
    await Promise.all([1, 2, 3].map(() => step.run(Float32Array.of(1, 2, 3))));
    expect(traces).toBe(1);
  });

  it('names the input whose length fits no shape', async () => {
    const step = await engine.compile((x) => [tf.sum(x)], { inputs: rows, variables: [] });
    await expect(step.run(new Float32Array(4))).rejects.toThrow(
      'Expected a multiple of 3 values [any, 3] for the input x but received 4.',
    );
    await expect(step.run(new Float32Array(0))).rejects.toThrow(/received 0/);
    await expect(step.explain()).rejects.toThrow(/before the step has been run once/);
  });
});

describe('a step whose outputs are not finite', () => {
  it('throws, and leaves its variables as they were', async () => {
    const variable = tf.variable(tf.tensor1d([1]));
    const step = await engine.compile(
      (x) => {
        variable.assign(tf.mul<tf.Tensor1D>(variable, x));
        return [tf.scalar(1), tf.log(tf.sum(x))];
      },
      { inputs: [{ name: 'x', shape: [1] }], variables: [variable] },
    );
    await step.run(Float32Array.of(3));
    const failed = step.run(Float32Array.of(-1));
    await expect(failed).rejects.toThrow(NonFiniteError);
    await expect(failed).rejects.toMatchObject({ output: 1, value: NaN });
    expect([...(await engine.read(variable))]).toEqual([3]);
    await step.run(Float32Array.of(2));
    expect([...(await engine.read(variable))]).toEqual([6]);
  });
});

describe('the arrays of a run', () => {
  const inputs = [{ name: 'x', shape: [2] }];

  it('are copied: they can be changed at once', async () => {
    const step = await engine.compile((x) => [tf.mul(x, 2)], { inputs, variables: [] });
    const x = Float32Array.of(1, 2);
    const running = step.run(x);
    x.fill(9);
    expect(await running).toEqual([Float32Array.of(2, 4)]);
  });

  it('move to the engine where that was asked for', async () => {
    const step = await engine.compile((x) => [tf.mul(x, 2)], {
      inputs,
      variables: [],
      transfer: true,
    });
    const x = Float32Array.of(1, 2);
    expect(await step.run(x)).toEqual([Float32Array.of(2, 4)]);
    expect(x.length).toBe(0);
  });
});

describe('explain', () => {
  it('counts the operations, times them, and changes no variable', async () => {
    const weights = tf.variable(tf.tensor2d(randomValues(1, 64 * 32), [64, 32]));
    const step = await engine.compile(
      (x) => {
        const y = tf.matMul(x, weights);
        weights.assign(tf.mul(weights, 2));
        return [tf.sum(tf.tanh(y))];
      },
      { inputs: [{ name: 'x', shape: [16, 64] }], variables: [weights] },
    );
    const before = await engine.read(weights);
    const profile = await step.explain(3);
    expect(await engine.read(weights)).toEqual(before);

    const operations = new Map(profile.operations.map((operation) => [operation.op, operation]));
    expect(operations.get('MatMul')).toMatchObject({ count: 1, flops: 2 * 16 * 64 * 32 });
    expect(operations.get('Tanh')).toMatchObject({ count: 1, flops: 0 });
    expect(profile.flops).toBe(2 * 16 * 64 * 32);
    const shares = profile.operations.reduce((sum, { share }) => sum + share, 0);
    expect(shares).toBeCloseTo(1);
    expect(profile.toString()).toMatch(/^operation +count +ms +time +MFLOP +GFLOP\/s\n/);
    expect(profile.toString()).toMatch(/MatMul +1 .* 0\.1 /);
  });

  it('knows the work of convolutions', async () => {
    const filter = tf.variable(tf.tensor4d(randomValues(1, 4 * 4 * 8 * 3), [4, 4, 8, 3]));
    const step = await engine.compile(
      (x) => [tf.sum(tf.conv2d(x as tf.Tensor4D, filter as unknown as tf.Tensor4D, 1, 'same'))],
      { inputs: [{ name: 'x', shape: [2, 6, 6, 8] }], variables: [filter] },
    );
    expect((await step.explain(1)).flops).toBe(2 * (2 * 6 * 6 * 3) * (4 * 4 * 8));
  });
});

describe('toOnnx', () => {
  it('is a model that runs without the engine, from the values of now', async () => {
    const { step: regress, weights, offset, variables } = regression();
    const step = await engine.compile(regress, { inputs: rows, variables });
    const x = Float32Array.of(1, 0, 0, 0, 1, 0);
    await step.run(x);
    const model = await step.toOnnx();
    const now = await engine.read(weights);
    const [loss] = await step.run(x);
    const next = await engine.read(weights);

    const session = await ort.InferenceSession.create(model);
    expect(session.inputNames).toEqual(['x', weights.name]);
    expect(session.outputNames).toEqual(['output0', `${weights.name}/next`]);
    const results = await session.run({
      x: new ort.Tensor('float32', x, [2, 3]),
      [weights.name]: new ort.Tensor('float32', now, [3, 1]),
    });
    expect(results.output0?.data).toEqual(loss);
    expect(results[`${weights.name}/next`]?.data).toEqual(next);

    const { graph } = onnxProto.onnx.ModelProto.decode(model);
    const constants = new Map(
      graph?.initializer?.map(({ name, dims }) => [name, dims?.map(Number)]),
    );
    expect(constants.get(offset.name)).toEqual([1]);
    expect(constants.has(weights.name)).toBe(false);
  });

  it('has names of its own inside where inputs and variables are called like its values', async () => {
    const variables = ['v0', 'c1', 'v1_'].map((name) => tf.variable(tf.scalar(2), true, name));
    const step = (...inputs: tf.Tensor[]) => [
      [...inputs, ...variables].reduce((sum, x) => tf.add(tf.mul(sum, 3), x)),
    ];
    const names = ['v1', 'c0', 'c2', 'v3'];
    const inputs = names.map((name) => ({ name, shape: [1] }));
    const compiled = await engine.compile(step, { inputs, variables });
    const values = names.map((_, i) => Float32Array.of(i + 1));
    const session = await ort.InferenceSession.create(await compiled.toOnnx());
    expect(session.inputNames).toEqual(names);
    const feeds = names.map((name, i) => [name, new ort.Tensor('float32', [i + 1], [1])]);
    const results = await session.run(Object.fromEntries(feeds) as Record<string, ort.Tensor>);
    expect([results.output0?.data]).toEqual(await compiled.run(...values));
    tf.dispose(variables);
  });
});
