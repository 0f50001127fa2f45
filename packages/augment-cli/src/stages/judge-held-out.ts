import type { JudgementRow } from '@evenset/dataset-io';
import type { CopyDetector } from '@evenset/quality-eval';
import { heldOutPositions, outputPathOf } from './class-images.js';
import type { Judging } from './open-judging.js';
import type { Input } from './read-input.js';

/** Held-out images of a class that are judged, at most. */
const MAX_JUDGED = 1000;

/**
 * How the held-out real images of a class are judged, beside which candidates are to be seen: each one's score is its rank
 * among the others. No gate is asked.
 */
export async function judgeHeldOut(
  { novelty: space, scores, heldOutLogits, probability }: Judging,
  input: Input,
  copies: CopyDetector,
  { label, folder }: { readonly label: number; readonly folder: string },
): Promise<JudgementRow[]> {
  const { pixels, manifest } = input;
  const own = heldOutPositions(input).filter((position) => pixels.labels[position] === label);
  const stride = Math.max(1, Math.ceil(own.length / MAX_JUDGED));
  const positions = own.filter((_, i) => i % stride === 0);
  const images = await pixels.read(positions);
  const features = (await space?.extract(images, { keep: true })) ?? new Float32Array(0);
  const { novelty, nearest } = await copies.measure(images, features);
  return Array.from(positions, (position, i): JudgementRow => {
    const logit = heldOutLogits.get(position) ?? NaN;
    return {
      label: manifest.classes[label] ?? '',
      outcome: 'held-out',
      index: null,
      path: outputPathOf(input, folder, position),
      score: scores.scoreAmongOthers(label, logit),
      probability: probability?.(label, logit) ?? 0.5,
      novelty: novelty[i] ?? 0,
      nearest: outputPathOf(input, folder, nearest[i] ?? -1),
      image: null,
    };
  });
}
