import { createRequire } from 'node:module';
import { EngineError } from './engine.js';

/** The optional packages that bring libtensorflow. */
export type TensorFlowPackage = 'tfjs-node-gpu' | 'tfjs-node';

/** Imports a package by name. */
export type ImportModule = (name: string) => Promise<unknown>;

/** What the packages' backend tells about itself. */
interface TensorFlowModule {
  backend(): { isUsingGpuDevice?: boolean };
  version?: Record<string, string>;
}

/**
 * Loads an optional TensorFlow.js package and finds out what it really runs on: tfjs-node-gpu falls
 * back to the CPU in silence where it finds no GPU.
 *
 * @throws EngineError when the package is not installed, does not load, or shows no GPU though it should
 */
export async function loadTensorFlow(
  name: TensorFlowPackage,
  importModule: ImportModule = (module) => import(module),
): Promise<{ device: string; version: string }> {
  const packageName = `@tensorflow/${name}`;
  const install = `npm install ${packageName}@4.22.0`;
  let module: TensorFlowModule;
  restoreRemovedFunction();
  try {
    const loaded = (await importModule(packageName)) as TensorFlowModule & {
      default?: TensorFlowModule;
    };
    module = loaded.default ?? loaded;
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new EngineError(
      `Cannot load ${packageName}: ${reason}. To use it: ${install} (it downloads libtensorflow).`,
    );
  }
  const usesGpu = module.backend().isUsingGpuDevice === true;
  if (name === 'tfjs-node-gpu' && !usesGpu) {
    throw new EngineError(
      `${packageName} loads but registers no GPU; it needs an NVIDIA driver, CUDA 11.2 and cuDNN 8.1.`,
    );
  }
  const version = module.version?.['tfjs-core'] ?? 'unknown';
  return {
    device: `${usesGpu ? 'GPU' : 'CPU'}, libtensorflow (${packageName} ${version})`,
    version,
  };
}

/** tfjs-node 4.22 calls a function of node:util that Node 23 removed (tensorflow/tfjs#8609). */
function restoreRemovedFunction(): void {
  const util = createRequire(import.meta.url)('node:util') as Record<string, unknown>;
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
}
