import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { EngineError, inspectEngines, openEngine } from '../src/index.js';

const missing = () => Promise.reject(new Error("Cannot find package '@tensorflow/tfjs-node-gpu'"));
const withoutGpu = () => Promise.resolve({ backend: () => ({ isUsingGpuDevice: false }) });

describe('openEngine', () => {
  it('takes the embedded engine for auto where TensorFlow is not installed', async () => {
    const engine = await openEngine('auto', { importModule: missing, threads: 1 });
    expect(engine).toMatchObject({
      name: 'onnx',
      device: expect.stringMatching(/^CPU, 1 thread,/) as string,
    });
    await engine.dispose();
  });

  it('takes the embedded engine for auto where TensorFlow falls back to the CPU in silence', async () => {
    const engine = await openEngine('auto', { importModule: withoutGpu });
    expect(engine.name).toBe('onnx');
    await engine.dispose();
  });

  it('says how to get an engine that was asked for', async () => {
    const missingGpu = openEngine('tfjs-node-gpu', { importModule: missing });
    await expect(missingGpu).rejects.toThrow(EngineError);
    await expect(missingGpu).rejects.toThrow('npm install @tensorflow/tfjs-node-gpu@4.22.0');
    await expect(openEngine('tfjs-node-gpu', { importModule: withoutGpu })).rejects.toThrow(
      /registers no GPU/,
    );
  });

  it('says so where the package brings a TensorFlow.js of its own', async () => {
    const importModule = () => Promise.resolve({ backend: () => ({ isUsingGpuDevice: true }) });
    const foreign = openEngine('tfjs-node-gpu', { importModule });
    await expect(foreign).rejects.toThrow(/another copy of @tensorflow\/tfjs-core/);
    const engine = await openEngine('auto', { importModule });
    expect(engine.name).toBe('onnx');
    await engine.dispose();
  });

  it('loads the package with the function that Node 23 removed', async () => {
    const util = createRequire(import.meta.url)('node:util') as Record<string, unknown>;
    const original = util.isNullOrUndefined;
    delete util.isNullOrUndefined;
    const importModule = () => {
      expect(util.isNullOrUndefined).toBeTypeOf('function');
      return missing();
    };
    await expect(openEngine('tfjs-node', { importModule })).rejects.toThrow(EngineError);
    util.isNullOrUndefined = original;
  });

  it('reports on every engine', async () => {
    const statuses = await inspectEngines({ importModule: missing });
    expect(statuses.map(({ name, available }) => [name, available])).toEqual([
      ['tfjs-node-gpu', false],
      ['tfjs-node', false],
      ['onnx', true],
      ['cpu', true],
    ]);
  });
});
