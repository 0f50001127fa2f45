import { afterEach } from 'vitest';
import { openEngine, type Engine } from '../src/index.js';

const engines: Engine[] = [];
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.dispose();
});

/** An engine on two threads that is closed when the test ends. */
export async function open(name: 'onnx' | 'cpu' = 'onnx'): Promise<Engine> {
  const engine = await openEngine(name, { threads: 2 });
  engines.push(engine);
  return engine;
}
