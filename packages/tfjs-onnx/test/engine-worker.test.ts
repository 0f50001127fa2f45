import * as tf from '@tensorflow/tfjs-core';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineCrashedError, openOnnxEngine } from '../src/index.js';
import { openWorker } from '../src/worker/open-worker.js';

const run = promisify(execFile);

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tfjs-onnx-worker-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A worker that opens, then does `onCall` when it is asked for anything else. */
async function standIn(name: string, onCall: string): Promise<URL> {
  const file = join(folder, `${name}.mjs`);
  await writeFile(
    file,
    `import { parentPort } from 'node:worker_threads';
     parentPort.on('message', ({ id, method }) => {
       if (method === 'open') parentPort.postMessage({ id, value: '0' });
       else if (method === 'close') parentPort.close();
       else { ${onCall} }
     });`,
  );
  return pathToFileURL(file);
}

/** A program that uses the engine as it was built. */
async function program(name: string, body: string): Promise<string> {
  const file = join(folder, `${name}.mjs`);
  const engine = pathToFileURL(join(import.meta.dirname, '../dist/index.js')).href;
  const core = pathToFileURL(
    join(import.meta.dirname, '../../../node_modules/@tensorflow/tfjs-core/dist/tf-core.node.js'),
  ).href;
  await writeFile(
    file,
    `import { openOnnxEngine } from '${engine}';
     import tf from '${core}';
     const engine = await openOnnxEngine({ threads: 1 });
     const chain = (x) => { let y = x; for (let i = 0; i < 12; i++) y = tf.tanh(tf.matMul(y, x)); return [tf.sum(y)]; };
     const inputs = [{ name: 'x', shape: [700, 700] }];
     const step = await engine.compile(chain, { inputs, variables: [] });
     const x = new Float32Array(490000).fill(.001);
     ${body}`,
  );
  return file;
}

describe("the engine's thread", () => {
  it('leaves the main thread free while a step runs', async () => {
    const engine = await openOnnxEngine({ threads: 1 });
    const step = await engine.compile(
      (x) => {
        let y = x;
        for (let i = 0; i < 12; i++) y = tf.tanh(tf.matMul(y as tf.Tensor2D, x as tf.Tensor2D));
        return [tf.sum(y)];
      },
      { inputs: [{ name: 'x', shape: [700, 700] }], variables: [] },
    );
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await step.run(new Float32Array(700 * 700).fill(0.001));
    clearInterval(timer);
    await engine.dispose();
    expect(turns).toBeGreaterThan(10);
  });

  it('is one clear error for everything under way and later when it ends', async () => {
    const worker = await openWorker(await standIn('exit', 'process.exit(7)'));
    const calls = [worker.call('read', [0]), worker.call('read', [1])];
    calls.forEach((call) => void call.catch(() => undefined));
    const ended = "The engine's worker thread ended: exit code 7.";
    for (const call of calls) await expect(call).rejects.toThrow(ended);
    await expect(worker.call('read', [2])).rejects.toThrow(EngineCrashedError);
  });

  it('says that memory ran out', async () => {
    const onCall = 'const all = []; for (;;) all.push(new Array(1e6).fill(Math.random()));';
    const worker = await openWorker(await standIn('memory', onCall), {
      maxOldGenerationSizeMb: 32,
    });
    await expect(worker.call('read', [0])).rejects.toThrow(/ran out of memory .*; a smaller batch/);
  });

  it('refuses a step that needs more memory than there is, and goes on', async () => {
    const engine = await openOnnxEngine({ threads: 1 });
    const side = 4_000_000;
    const huge = await engine.compile(
      (x) => [tf.sum(tf.matMul(x as tf.Tensor2D, x as tf.Tensor2D, false, true))],
      {
        inputs: [{ name: 'x', shape: [side, 1] }],
        variables: [],
      },
    );
    await expect(huge.run(new Float32Array(side))).rejects.toThrow(
      /The engine ran out of memory \(.*\); a smaller batch needs less\./,
    );
    const small = await engine.compile((x) => [tf.add(x, 1)], {
      inputs: [{ name: 'x', shape: [1] }],
      variables: [],
    });
    expect(await small.run(Float32Array.of(1))).toEqual([Float32Array.of(2)]);
    await engine.dispose();
  });

  it('gives up what is under way when it is disposed of', async () => {
    const engine = await openOnnxEngine({ threads: 1 });
    const step = await engine.compile((x) => [tf.add(x, 1)], {
      inputs: [{ name: 'x', shape: [1] }],
      variables: [],
    });
    const running = step.run(Float32Array.of(1));
    await Promise.all([expect(running).rejects.toThrow(/disposed of/), engine.dispose()]);
    await step.dispose();
  });
});

describe('a program', () => {
  it('can dispose of the engine in the middle of a step', async () => {
    const file = await program(
      'disposes',
      `step.run(x).catch((error) => { console.log(error.name); });
       setTimeout(async () => { await engine.dispose(); console.log('disposed'); }, 20);`,
    );
    expect((await run(process.execPath, [file])).stdout).toBe('EngineCrashedError\ndisposed\n');
  });

  it('ends by itself without disposing of the engine', async () => {
    const file = await program(
      'ends',
      'const [sum] = await step.run(x); console.log(String(sum.length));',
    );
    expect((await run(process.execPath, [file])).stdout).toBe('1\n');
  });

  it('stays alive until what it waits for is there', async () => {
    const file = await program('waits', 'step.run(x).then(() => console.log("done"));');
    expect((await run(process.execPath, [file])).stdout).toBe('done\n');
  });

  it('can leave in the middle of a step', async () => {
    const file = await program(
      'leaves',
      'step.run(x).catch(() => undefined); setTimeout(() => process.exit(130), 20);',
    );
    await expect(run(process.execPath, [file])).rejects.toMatchObject({ code: 130, signal: null });
  });
});
