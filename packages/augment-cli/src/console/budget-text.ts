import { FEWEST_USEFUL_STEPS } from '../stages/judge-looks.js';
import { formatDuration } from './format.js';

/** What a budget affords. */
export interface Affordable {
  readonly steps: number;
  readonly batchSize: number;
  /** Copies of the model, which share the steps. */
  readonly copies: number;
  /** Images that an epoch shows. */
  readonly trainImages: number;
  readonly seconds: number;
}

/** `about 92k images, 55 epochs, in 5 min 0 s`. */
export function affordableText({
  steps,
  batchSize,
  trainImages,
  seconds,
}: Omit<Affordable, 'copies'>): string {
  const images = steps * batchSize;
  const epochs = images / trainImages;
  return `about ${formatCount(images)} images, ${formatCount(epochs)} epochs, in ${formatDuration(seconds)}`;
}

/** What to say of a budget that is too small for a useful run. */
export function smallBudgetWarning(
  budget: string,
  { steps, batchSize, copies }: Pick<Affordable, 'steps' | 'batchSize' | 'copies'>,
): string | undefined {
  const fewest = FEWEST_USEFUL_STEPS * copies;
  if (steps >= fewest) return undefined;
  const each = copies > 1 ? `, shared by ${copies} classes` : '';
  const useful = `a useful run takes ${fewest} at least${each} and some thousand rather (--budget ${Math.ceil((fewest * batchSize) / 1000)}kimg and more)`;
  return steps === 1
    ? `The budget ${budget} is used up by a single step of ${batchSize} images, which is trained; ${useful}.`
    : `The budget ${budget} is only ${steps} steps of ${batchSize} images; ${useful}.`;
}

/** Two digits: `.4`, `55`, `1.6k`, `92k`. */
function formatCount(count: number): string {
  if (count >= 1000) return `${formatCount(count / 1000)}k`;
  return count >= 10 ? count.toFixed(0) : count.toFixed(1);
}
