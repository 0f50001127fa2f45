import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEagerBackend, openOnnxEngine, type OnnxEngine, type Step } from '../src/index.js';

let engine: OnnxEngine;
beforeEach(async () => {
  engine = await openOnnxEngine({ threads: 1 });
});
afterEach(() => engine.dispose());

const matrix = [{ name: 'x', shape: [3, 4] }];
const compile = (step: Step, variables: tf.Variable[] = []) =>
  engine.compile(step, { inputs: matrix, variables });
/** The line of this file that a message must name. */
const here = /errors\.test\.ts:\d+:\d+/;

describe('an operation that cannot be compiled is named with its shapes and the line', () => {
  it('where it has no kernel', async () => {
    const step = (x: tf.Tensor) => [tf.topk(x, 2).values];
    await expect(compile(step)).rejects.toThrow(/TopK\(x \[3, 4\]\) has no kernel/);
    await expect(compile(step)).rejects.toThrow(here);
  });

  it('where its kernel refuses what it is given', async () => {
    const step = (x: tf.Tensor) => [tf.cast(x, 'complex64')];
    await expect(compile(step)).rejects.toThrow(here);
    const sliced = (x: tf.Tensor) => [tf.slice(x, [0, 2], [1, 5])];
    await expect(compile(sliced)).rejects.toThrow(/Slice\(x \[3, 4\]\) failed at .*errors\.test/);
  });

  it('where it is random', async () => {
    const drawn = (x: tf.Tensor) => [tf.add(x, tf.multinomial(tf.tensor2d([[1, 2]]), 4))];
    await expect(compile(drawn)).rejects.toThrow(/Multinomial.*pass them as an input/);
    for (const noise of [
      () => tf.randomNormal([3, 4]),
      () => tf.randomUniform([3, 4]),
      () => tf.truncatedNormal([3, 4]),
      () => tf.dropout(tf.ones([3, 4]), 0.5),
    ]) {
      const step = (x: tf.Tensor) => [tf.add(x, noise())];
      await expect(compile(step)).rejects.toThrow(/Random numbers are drawn inside of a step at/);
      await expect(compile(step)).rejects.toThrow(here);
    }
  });

  it('where it is called outside of a step', () => {
    expect(() => tf.add(1, 2)).toThrow(/Add was called outside of a step at .*errors\.test/);
  });

  it('also on the eager backend, where it has no kernel', async () => {
    await openEagerBackend();
    expect(() => tf.topk(tf.tensor1d([1, 2]), 1)).toThrow(/TopK\(x \[2\]\) has no kernel at/);
  });
});

describe('values cannot be read while a step is compiled', () => {
  it.each<[string, (x: tf.Tensor) => unknown]>([
    ['dataSync', (x) => x.dataSync()],
    ['arraySync', (x) => x.arraySync()],
    [
      'print',
      (x) => {
        tf.print(x);
      },
    ],
    ['a branch', (x) => (tf.all(tf.greater(x, 0)).dataSync()[0] === 1 ? x : tf.neg(x))],
  ])('by %s', async (_name, read) => {
    const step = (x: tf.Tensor) => (read(tf.mul(x, 2)), [x]);
    await expect(compile(step)).rejects.toThrow(/no values while its step is being compiled/);
    await expect(compile(step)).rejects.toThrow(here);
  });

  it('by an async step', async () => {
    const step = async (x: tf.Tensor) => [tf.tensor(await x.data())];
    await expect(compile(step as unknown as Step)).rejects.toThrow(/must not be async/);
  });
});

describe('a tensor from elsewhere', () => {
  it('is a constant, whatever its backend, and goes back there', async () => {
    await tf.setBackend('cpu');
    const foreign = tf.tensor1d([1, 2, 3, 4]);
    const step = await compile((x) => [tf.add(tf.mul(x, 0), foreign)]);
    const [sum] = await step.run(new Float32Array(12));
    expect([...(sum ?? [])].slice(0, 4)).toEqual([1, 2, 3, 4]);
    await tf.setBackend('cpu');
    expect([...tf.add(foreign, 1).dataSync()]).toEqual([2, 3, 4, 5]);
  });

  it("is refused where it is another step's", async () => {
    let leaked: tf.Tensor | undefined;
    await compile((x) => {
      leaked = tf.keep(tf.mul(x, 2));
      return [leaked];
    });
    const step = (x: tf.Tensor) => [tf.add(x, leaked ?? 0)];
    await expect(compile(step)).rejects.toThrow(/one that another step computed; return it/);
    await expect(compile(step)).rejects.toThrow(here);
    expect(() => leaked?.dataSync()).toThrow(/no values/);
    leaked?.dispose();
  });

  it('is refused where it is disposed of', async () => {
    const gone = tf.tensor1d([1]);
    gone.dispose();
    await expect(compile((x) => [tf.add(x, gone)])).rejects.toThrow(/disposed/);
  });

  it('stays a constant where a variable was made from it', async () => {
    const initial = tf.tensor1d([1, 2, 3, 4]);
    const variable = tf.variable(initial);
    const step = await compile(
      (x) => {
        const drift = tf.sub(variable, initial);
        variable.assign(tf.add(variable, tf.mean<tf.Tensor1D>(x, 0)));
        return [drift];
      },
      [variable],
    );
    const ones = new Float32Array(12).fill(1);
    await step.run(ones);
    expect([...((await step.run(ones))[0] ?? [])]).toEqual([1, 1, 1, 1]);
    tf.dispose([initial, variable]);
  });
});

describe('a variable that the step was not compiled with', () => {
  it.each<[string, (variable: tf.Variable, x: tf.Tensor) => tf.Tensor]>([
    ['reads', (variable, x) => tf.mul(variable, x)],
    ['reads', (variable) => tf.reshape(variable, [2, 2])],
    ['assigns', (variable, x) => (variable.assign(tf.mean(x, 0)), x)],
  ])('is refused where the step %s it', async (verb, use) => {
    const variable = tf.variable(tf.tensor1d([1, 2, 3, 4]), true, 'forgotten');
    await expect(compile((x) => [use(variable, x)])).rejects.toThrow(
      new RegExp(`${verb} the variable forgotten, which it was not compiled with`),
    );
    expect([...variable.dataSync()]).toEqual([1, 2, 3, 4]);
    variable.dispose();
  });

  it('is refused where the step makes it out of what it computes', async () => {
    const made: tf.Variable[] = [];
    const make = (x: tf.Tensor) =>
      made[made.push(tf.variable(tf.mul(x, 2), true, 'made')) - 1] ?? x;
    const read = (x: tf.Tensor) => [tf.add(make(x), 1)];
    await expect(compile(read)).rejects.toThrow(
      /makes the variable made out of what it computes at/,
    );
    tf.dispose(made);
    await expect(compile((x) => (make(x), [x]))).rejects.toThrow(/makes the variable made/);
    tf.dispose(made.slice(1));
  });

  it('may be listed twice', async () => {
    const variable = tf.variable(tf.tensor1d([1, 2, 3, 4]));
    await compile((x) => (variable.assign(tf.mean(x, 0)), []), [variable, variable]);
    expect([...(await engine.read(variable))]).toEqual([1, 2, 3, 4]);
    variable.dispose();
  });
});
