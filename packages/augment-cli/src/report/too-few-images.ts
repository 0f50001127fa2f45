import type { SetQuality } from '../run/set-quality.js';
import { MIN_KERNEL } from '../stages/measure-quality.js';

const kinds = [
  ['generated', 'accepted'],
  ['heldOut', 'held-out real'],
  ['train', 'different real train'],
] as const;

/** Of which kinds a class has too few images for a kernel distance: `5 accepted images, and it takes 10 of each kind`. */
export function tooFewImages(quality: SetQuality): string {
  const few = kinds
    .filter(([kind]) => quality[kind] < MIN_KERNEL)
    .map(([kind, name]) => `${quality[kind]} ${name}`);
  return `${few.join(' and ')} images, and it takes ${MIN_KERNEL} of each kind`;
}
