import { open } from './open-engine.js';
import { describe, expect, it } from 'vitest';
import {
  openJudge,
  openSampler,
  TrainingError,
  type Checkpoint,
  type Engine,
} from '../src/index.js';
import {
  finish,
  tinyConfig,
  trainTiny,
  twoShades,
  type TinyOptions,
  valuesOf,
} from './tiny-model.js';

async function checkpointAfter(
  engine: Engine,
  options: TinyOptions = {},
  steps = Infinity,
): Promise<Checkpoint> {
  const training = await trainTiny(engine, options);
  await finish(training, steps);
  const checkpoint = await training.checkpoint();
  await training.dispose();
  return checkpoint;
}

describe('train', () => {
  it('computes the same on the embedded engine as on the CPU backend', async () => {
    const compiled = await checkpointAfter(await open('onnx'), { budget: '0.016kimg' });
    const eager = await checkpointAfter(await open('cpu'), { budget: '0.016kimg' });
    for (const [name, { values }] of eager.tensors) {
      const other = compiled.tensors.get(name)?.values ?? new Float32Array(0);
      const worst = Math.max(...values.map((value, i) => Math.abs(value - (other[i] ?? NaN))));
      expect(worst, name).toBeLessThan(2e-4);
    }
  });

  it('computes the same for colour images, with engines side by side', async () => {
    const colourful = {
      ...twoShades,
      read: async (positions: ArrayLike<number>) => {
        const grey = await twoShades.read(positions);
        return Uint8Array.from(
          { length: 3 * grey.length },
          (_, i) => (grey[i / 3] ?? 90) ^ (i % 64),
        );
      },
    };
    const options = {
      budget: '0.024kimg',
      recipe: { diffAugment: 'strong' as const },
      images: colourful,
      config: { ...tinyConfig, channels: 3 as const },
    };
    const [first, second] = [await open('cpu'), await open('onnx')];
    const eager = await checkpointAfter(first, options);
    const compiled = await checkpointAfter(second, options);
    for (const [name, { values }] of eager.tensors) {
      const other = compiled.tensors.get(name)?.values ?? new Float32Array(0);
      const worst = Math.max(...values.map((value, i) => Math.abs(value - (other[i] ?? NaN))));
      expect(worst, name).toBeLessThan(2e-4);
    }
  });

  it('throws where an image cannot be read, and only where it is iterated', async () => {
    let reads = 0;
    const failing = {
      ...twoShades,
      read: (positions: ArrayLike<number>) =>
        ++reads < 3 ? twoShades.read(positions) : Promise.reject(new Error('the disk is gone')),
    };
    const training = await trainTiny(await open('onnx'), { images: failing });
    const steps: number[] = [];
    const iterate = async () => {
      for await (const { step } of training) {
        steps.push(step);
        // Time for a rejection that nobody handles to end the process.
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    await expect(iterate()).rejects.toThrow('the disk is gone');
    expect(steps).toEqual([1, 2]);
    await training.dispose();
  });

  it('goes on from a checkpoint as if it had never stopped, bit for bit', async () => {
    const whole = await checkpointAfter(await open('onnx'));
    const half = await checkpointAfter(await open('onnx'), {}, 3);
    expect(half.step).toBe(3);
    const resumed = await checkpointAfter(await open('onnx'), { resume: half });
    expect(resumed.step).toBe(6);
    expect(valuesOf(resumed)).toEqual(valuesOf(whole));
  });

  it('goes back to a checkpoint at half the rates, and resumes bit for bit after that too', async () => {
    const rolledBack = async (resumeAt: number) => {
      const training = await trainTiny(await open('onnx'));
      await finish(training, 2);
      const good = await training.checkpoint();
      await finish(training, 4);
      await training.rollBack(good);
      expect(await training.checkpoint()).toEqual({ ...good, rollbacks: 1 });
      await finish(training, resumeAt);
      const checkpoint = await training.checkpoint();
      await training.dispose();
      return checkpoint;
    };
    const whole = await rolledBack(Infinity);
    expect(whole).toMatchObject({ step: 6, rollbacks: 1 });
    const resumed = await checkpointAfter(await open('onnx'), { resume: await rolledBack(4) });
    expect(resumed).toEqual(whole);
    expect(valuesOf(whole)).not.toEqual(valuesOf(await checkpointAfter(await open('onnx'))));
  });

  it('steps half as far after a rollback as it would have without', async () => {
    const training = await trainTiny(await open('onnx'));
    await finish(training, 1);
    const before = await training.checkpoint();
    const weight = ({ tensors }: Checkpoint) => [
      ...(tensors.get('discriminator/block0/filter')?.values ?? []),
    ];
    const stepFrom = async () => {
      await finish(training, before.step + 1);
      const after = weight(await training.checkpoint());
      return weight(before).map((value, i) => (after[i] ?? NaN) - value);
    };
    const whole = await stepFrom();
    await training.rollBack(before);
    const half = await stepFrom();
    whole.forEach((change, i) => {
      expect(half[i]).toBeCloseTo(change / 2, 6);
    });
    expect(Math.max(...whole.map(Math.abs))).toBeGreaterThan(1e-4);
    await training.dispose();
  });

  it('can be rolled back out of values that are not finite', async () => {
    const training = await trainTiny(await open('onnx'), { recipe: { learningRateD: 1e30 } });
    const start = await training.checkpoint();
    await expect(finish(training)).rejects.toThrow(/step 1: lossG is NaN\. Lower/);
    await training.rollBack(start);
    expect(await training.checkpoint()).toEqual({ ...start, rollbacks: 1 });
    await training.dispose();
  });

  it('gives other weights for another seed', async () => {
    const engine = await open('onnx');
    const [one, other] = [
      await checkpointAfter(engine),
      await checkpointAfter(engine, { seed: 4 }),
    ];
    expect(valuesOf(one)['generator/dense']).not.toEqual(valuesOf(other)['generator/dense']);
  });

  it('starts the moving average at the generator itself', async () => {
    const { tensors } = await checkpointAfter(await open('onnx'), { budget: '0.008kimg' });
    const generator = tensors.get('generator/dense')?.values ?? new Float32Array(1);
    const average = tensors.get('average/dense')?.values ?? new Float32Array(0);
    generator.forEach((value, i) => {
      expect(average[i]).toBeCloseTo(value, 5);
    });
  });

  it('turns a time budget into a number of steps', async () => {
    const training = await trainTiny(await open('onnx'), { budget: '1s' });
    expect(training.totalSteps).toBe(Infinity);
    await finish(training);
    expect(training.totalSteps).toBeLessThan(Infinity);
    expect((await training.checkpoint()).step).toBe(training.totalSteps);
    await training.dispose();
  });

  it('says so when the losses are no numbers any more', async () => {
    const training = await trainTiny(await open('onnx'), {
      recipe: { learningRateD: 1e30, learningRateG: 1e30 },
      budget: '0.4kimg',
    });
    await expect(finish(training)).rejects.toThrow(TrainingError);
    await training.dispose();
  });

  it('learns what its classes look like', async () => {
    const engine = await open('onnx');
    const checkpoint = await checkpointAfter(engine, {
      budget: '6kimg',
      recipe: { batchSize: 16 },
    });
    const sampler = await openSampler(checkpoint, engine);
    const mean = (pixels: Uint8Array) =>
      pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
    const [dark, bright] = [mean(await sampler.generate(0, 0)), mean(await sampler.generate(1, 0))];
    expect(bright - dark).toBeGreaterThan(60);
    await sampler.dispose();
  });
});

describe('a run that starts from the weights of another', () => {
  const labels = ['bright', 'new', 'dark'];
  const config = { ...tinyConfig, classes: 3 };
  const started = async (init: Checkpoint | undefined) => {
    const training = await trainTiny(await open('onnx'), { init, labels, config, seed: 9 });
    const checkpoint = await training.checkpoint();
    await training.dispose();
    return checkpoint;
  };
  const rowsOf = ({ tensors }: Checkpoint, name: string) => {
    const { shape = [1], values = new Float32Array(0) } = tensors.get(name) ?? {};
    const width = values.length / (shape[0] ?? 1);
    return Array.from({ length: shape[0] ?? 1 }, (_, i) =>
      values.slice(i * width, (i + 1) * width),
    );
  };

  it('has its networks, the rows of the same labels, new rows for new ones, and fresh moments', async () => {
    const init = await checkpointAfter(await open('onnx'));
    const [taken, fresh] = [await started(init), await started(undefined)];
    expect(taken).toMatchObject({ step: 0, rollbacks: 0, labels, seed: 9 });
    for (const group of ['generator', 'average', 'discriminator', 'buffers']) {
      const [same] = [...init.tensors].filter(([name]) => name.startsWith(`${group}/block0`));
      expect(taken.tensors.get(same?.[0] ?? '')).toEqual(same?.[1]);
    }
    for (const name of ['generator/embedding', 'average/embedding', 'discriminator/projection']) {
      const [dark, bright] = rowsOf(init, name);
      expect(rowsOf(taken, name)).toEqual([bright, rowsOf(fresh, name)[1], dark]);
    }
    for (const [name, { values }] of taken.tensors) {
      if (/First|Second/.test(name)) expect(values.every((value) => value === 0)).toBe(true);
    }
  });

  it('is refused where the networks differ, naming in what', async () => {
    const init = await checkpointAfter(await open('onnx'));
    const other = { ...init, config: { ...init.config, generatorWidths: [8, 8, 8] } };
    await expect(started(other)).rejects.toThrow(
      'with generatorWidths [8,8,4] but received one with generatorWidths [8,8,8]',
    );
    const unnormed = { ...init, config: { ...init.config, discriminatorNorm: 'none' as const } };
    await expect(started(unnormed)).rejects.toThrow(
      'with discriminatorNorm not set but received one with discriminatorNorm "none"',
    );
    await expect(started({ ...init, config: { ...init.config, size: 32 } })).rejects.toThrow(
      'with size 16 but received one with size 32',
    );
  });
});

describe('openSampler', () => {
  it('generates the same bytes again, also in a new engine', async () => {
    const engine = await open('onnx');
    const checkpoint = await checkpointAfter(engine);
    const sampler = await openSampler(checkpoint, engine);
    const first = await sampler.generate(1, 2);
    expect(first).toHaveLength(64 * 256);
    expect(await sampler.generate(1, 2)).toEqual(first);
    expect(await sampler.generate(0, 2)).not.toEqual(first);
    await sampler.dispose();
    const again = await openSampler(checkpoint, await open('onnx'));
    expect(await again.generate(1, 2)).toEqual(first);
    await again.dispose();
  });
});

describe('a generator that is not finite', () => {
  it.each(['onnx', 'cpu'] as const)('is a failure of training at its step, on %s', async (name) => {
    const engine = await open(name);
    const good = await checkpointAfter(engine, {}, 2);
    const broken = (name: string) => ({
      ...good,
      step: 17,
      tensors: new Map(good.tensors).set(name, {
        shape: good.tensors.get(name)?.shape ?? [],
        values: good.tensors.get(name)?.values.map(() => NaN) ?? new Float32Array(0),
      }),
    });
    const sampler = await openSampler(good, engine);
    const image = await sampler.generate(0, 0);
    // The first is seen in the statistics, the second, behind the last batch norm, in the images alone.
    const failure = new TrainingError(17, 'the generator is not finite');
    await expect(sampler.load(broken('average/dense'))).rejects.toThrow(failure);
    await sampler.load(broken('average/image/bias'));
    await expect(sampler.generate(0, 0)).rejects.toThrow(failure);
    await sampler.load(good);
    expect(await sampler.generate(0, 0)).toEqual(image);
    await sampler.dispose();
  });
});

describe('openJudge', () => {
  it('judges an image the same whatever else is in its batch', async () => {
    const engine = await open('onnx');
    const checkpoint = await checkpointAfter(engine);
    const sampler = await openSampler(checkpoint, engine);
    const judge = await openJudge(checkpoint, engine);
    const images = await sampler.generate(0, 0);
    const labels = Int32Array.from({ length: 64 }, (_, i) => i % tinyConfig.classes);
    const together = await judge?.logits(images, labels);
    for (const i of [0, 13, 63]) {
      const alone = await judge?.logits(
        images.subarray(i * 256, (i + 1) * 256),
        labels.subarray(i, i + 1),
      );
      expect(alone?.[0]).toBeCloseTo(together?.[i] ?? NaN, 5);
    }
    await sampler.dispose();
    await judge?.dispose();
  });
});
