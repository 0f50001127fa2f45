import { engineNames, type EngineName } from './engine.js';
import { openEngine, type EngineOptions } from './open-engine.js';

/** Whether an engine can be used here. */
export interface EngineStatus {
  readonly name: EngineName;
  readonly available: boolean;
  /** What it runs on, or why it cannot and how to get it. */
  readonly detail: string;
}

/** Tries every engine. */
export async function inspectEngines(options: EngineOptions = {}): Promise<EngineStatus[]> {
  const statuses: EngineStatus[] = [];
  for (const name of engineNames) {
    try {
      const engine = await openEngine(name, options);
      statuses.push({ name, available: true, detail: engine.device });
      await engine.dispose();
    } catch (error) {
      statuses.push({
        name,
        available: false,
        detail: error instanceof Error ? error.message : String(error),
      });
    }
  }
  return statuses;
}
