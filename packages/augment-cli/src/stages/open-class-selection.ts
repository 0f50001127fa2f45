import { randomStream } from '@evenset/gan-core';
import {
  candidateGates,
  fitSelectionRule,
  openCopyDetector,
  openDuplicateGate,
  openSelection,
  type CopyDetector,
  type ReferenceImages,
  type Selection,
  type SelectionOptions,
} from '@evenset/quality-eval';
import { classImages } from './class-images.js';
import { imagesAt } from './images-at.js';
import { openKeptImages } from './open-kept-images.js';
import type { Judging } from './open-judging.js';
import type { Input } from './read-input.js';

/**
 * Share of what makes a copy, or a duplicate among real images, below which two generated images are near-duplicates. A
 * thin class's real images lie far apart, and many times as many generated ones must lie closer: by pixels the whole
 * distance rejected 98 % of good sneakers (80 real, 920 wanted), half of it about a tenth. A young model's images vary less
 * than real ones: by features the whole distance rejected 24 % of its dresses and 97 % of 16x16 bars.
 */
const DUPLICATE_SHARE = 0.5;

/** How the candidates of one class are judged. */
export interface ClassSelection {
  readonly selection: Selection;
  readonly copies: CopyDetector;
  /** Nearer than this in features, two generated images are near-duplicates; undefined where that is not asked. */
  readonly duplicateDistance: number | undefined;
  /** Passing candidates for each one kept. */
  readonly budget: number;
  /** Whether held-out images say which candidates are more probably real; where not, all that pass are kept. */
  readonly isRated: boolean;
  /** Removes what it kept meanwhile. */
  close(): Promise<void>;
}

/**
 * Opens the selection of one class.
 *
 * @param wanted images that the class is to get
 * @param keptFile beside which accepted images lie meanwhile
 * @returns undefined where there are too few different train images to measure novelty on
 */
export async function openClassSelection(
  judging: Judging,
  input: Input,
  {
    label,
    wanted,
    seed,
    keptFile,
  }: { label: number; wanted: number; seed: number; keptFile: string },
  options: SelectionOptions,
): Promise<ClassSelection | undefined> {
  const { novelty, pixelSearch, scores, labels } = judging;
  if (!novelty) return undefined;
  const { train, different, heldOut } = classImages(input, label);
  const described = async (images: typeof train) => ({
    images,
    features: await novelty.extractAll(images, { keep: true }),
  });
  const differentTrain = await described(different);
  const copies = await openCopyDetector(
    { pixels: pixelSearch, features: novelty.search },
    { train: differentTrain, heldOut: await described(heldOut), copied: train },
  );
  if (!copies) return undefined;

  const probability = judging.probability ?? (() => 0.5);
  const gates = candidateGates({
    label,
    score: (logit) => scores.score(label, logit),
    probability: (logit) => probability(label, logit),
    extractor: novelty,
    copies,
    labels,
  });
  const pool = await judging.pool(label);
  const { found } = await gates.inspect(pool.images);
  const rated = Array.from(pool.logits, (logit) => gates.rate(logit));
  const isRated = judging.probability !== undefined && (scores.counts[label] ?? 0) > 0;
  const rule = fitSelectionRule(
    isRated ? options : { ...options, select: 'threshold' },
    rated.filter(({ score }, i) => score >= options.minScore && found[i]?.reason === undefined),
    rated.length,
  );

  const earlier = earlierImages(input, label);
  const count = wanted + earlier.positions.length;
  const duplicateDistance =
    copies.duplicateDistance !== undefined && copies.dimension !== undefined
      ? DUPLICATE_SHARE *
        copies.duplicateDistance *
        Math.min(1, different.positions.length / count) ** (1 / copies.dimension)
      : undefined;
  const { size, channels } = input.pixels;
  const keptFeatures = await novelty.extractAll(earlier);
  const kept = await openKeptImages(earlier, keptFile, size * size * channels);
  return {
    copies,
    duplicateDistance,
    budget: rule.budget,
    isRated,
    selection: openSelection({
      minScore: options.minScore,
      gates,
      rule,
      draw: (index) => randomStream(seed, 'select', label, index).uniform(),
      duplicates: openDuplicateGate({
        image: input.pixels,
        pixels: pixelSearch,
        features: novelty.search,
        pixelDistance: DUPLICATE_SHARE * copies.copyDistance,
        featureDistance: duplicateDistance,
        kept,
        keptFeatures,
      }),
    }),
    close: () => kept.close(),
  };
}

/** What an earlier run generated of a class. */
function earlierImages({ generated }: Input, label: number): ReferenceImages {
  const positions = [...generated.labels.keys()].filter((i) => generated.labels[i] === label);
  return imagesAt(generated, Int32Array.from(positions));
}
