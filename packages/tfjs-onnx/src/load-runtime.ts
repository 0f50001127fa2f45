import type * as Runtime from 'onnxruntime-node';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { EngineUnavailableError } from './errors.js';

export type { Runtime };

/** How to install the runtime without the CUDA files that its install script would download. */
const REMEDY =
  'To install it without its CUDA download: npm install onnxruntime-node@1.30.0 --ignore-scripts.';

/**
 * Loads onnxruntime-node, an optional dependency.
 *
 * @throws EngineUnavailableError saying why it cannot be loaded and how to get it
 */
export async function loadRuntime(): Promise<{ runtime: typeof Runtime; version: string }> {
  try {
    const runtime = await import('onnxruntime-node');
    const manifest = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
    return { runtime, version };
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new EngineUnavailableError(`Cannot load onnxruntime-node: ${reason}. ${REMEDY}`, {
      cause: error,
    });
  }
}
