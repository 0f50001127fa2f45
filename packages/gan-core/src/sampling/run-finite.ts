import { NonFiniteError } from '@evenset/tfjs-onnx';
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import type { RunnableStep } from '../engines/engine.js';
import { TrainingError } from '../training/training-error.js';

/**
 * Runs a step of a checkpoint's generator.
 *
 * @throws TrainingError when a result is not finite: training had failed by then
 */
export async function runFinite(
  step: RunnableStep,
  inputs: readonly Float32Array[],
  checkpoint: Pick<Checkpoint, 'step'>,
): Promise<Float32Array[]> {
  const failure = () => new TrainingError(checkpoint.step, 'the generator is not finite');
  const results = await step.run(...inputs).catch((error: unknown) => {
    throw error instanceof NonFiniteError ? failure() : error;
  });
  // The engines of TensorFlow.js do not look.
  const isFinite = results.every((values) => values.every((value) => Number.isFinite(value)));
  if (!isFinite) throw failure();
  return results;
}
