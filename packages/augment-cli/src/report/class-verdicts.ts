import { formatShare } from '../console/format.js';
import type { ClassResult } from '../run/run-record.js';
import type { ClassEvidence } from './read-evidence.js';
import { tooFewImages } from './too-few-images.js';

/** One thing to know about a class, in plain words. */
export interface Verdict {
  readonly tone: 'good' | 'note' | 'bad';
  /** One or two words that carry the tone without a colour. */
  readonly word: string;
  readonly text: string;
}

/** Above this area under the curve the discriminator tells generated images from real ones nearly always. */
const DISTINGUISHABLE_AUC = 0.95;
/** Below this C_T a class holds more near copies than chance explains. */
const COPYING_Z = -3;
/** About 1 % of fresh real images would be called copies. */
const MANY_COPIES = 0.05;
/** Below this there is little variety beside the real images. */
const UNIFORM_RATIO = 0.5;

/** How the candidates of a class were judged. */
type Judged = Pick<ClassEvidence, 'accepted' | 'rejected'>;

/**
 * What there is to say of a class whose images were generated, the worst first; at least one verdict.
 *
 * @param judged undefined where the run wrote nothing yet
 */
export function classVerdicts(result: ClassResult, judged: Judged | undefined): Verdict[] {
  if (result.refused > 0) {
    return [
      bad(
        'Refused',
        `${result.real} real images are too few to learn from; ${result.refused} images were not made.`,
      ),
    ];
  }
  if (result.missing === 0)
    return [note('Complete', 'It had its target already; nothing was made.')];
  const found = [
    ...countVerdicts(result),
    ...copyVerdicts(result, judged),
    ...realismVerdicts(result),
  ];
  return [
    ...found.filter(({ tone }) => tone === 'bad'),
    ...found.filter(({ tone }) => tone === 'note'),
    ...found.filter(({ tone }) => tone === 'good'),
  ];
}

function countVerdicts({ accepted, missing, attempts, rejected }: ClassResult): Verdict[] {
  if (accepted >= missing)
    return [good('On target', `All ${count(missing)} missing images were made.`)];
  // What passed every gate and was not drawn is no fault of the images.
  const faults = Object.entries(rejected).filter(([reason]) => reason !== 'not-selected');
  const [reason, times = 0] = faults.sort(([, a], [, b]) => b - a)[0] ?? [];
  const why =
    reason === undefined || times === 0
      ? ''
      : ` Most often rejected for: ${reason}, ${formatShare(times, attempts)} of ${count(attempts)} candidates.`;
  return [bad('Short', `${count(accepted)} of ${count(missing)} missing images were made.${why}`)];
}

function copyVerdicts({ quality }: ClassResult, judged: Judged | undefined): Verdict[] {
  const novelties = [judged?.accepted, judged?.rejected].flatMap((one) => one?.novelties ?? []);
  // Only what a score leaves is compared with train images; a copy may be rejected for another reason too.
  const compared = novelties.filter((novelty) => !Number.isNaN(novelty));
  const copies = compared.filter((novelty) => novelty < 1);
  const verdicts: Verdict[] = [];
  if (quality && quality.dataCopying !== null && quality.dataCopying < COPYING_Z) {
    verdicts.push(
      bad(
        'Copies',
        `As a set, the kept images lie nearer to the train images than held-out real ones do (C_T ${quality.dataCopying.toFixed(1)}, below ${COPYING_Z}). Look at the pairs.`,
      ),
    );
  }
  if (copies.length > MANY_COPIES * compared.length) {
    verdicts.push(
      note(
        'Near copies',
        `${formatShare(copies.length, compared.length)} of the candidates that scored well enough were near copies of train images and rejected; about 1 % is chance. The model repeats what it saw.`,
      ),
    );
  }
  return verdicts;
}

function realismVerdicts({ quality, attempts }: ClassResult): Verdict[] {
  if (!quality) {
    const why =
      attempts === 0
        ? 'Too few different real train images to judge any candidate by.'
        : 'How near the generated images are to real ones was not measured.';
    return [note('Cannot tell', why)];
  }
  const { auc, kernelDistance, diversityRatio, agreement, heldOut } = quality;
  const verdicts: Verdict[] = [];
  if (auc !== null && auc > DISTINGUISHABLE_AUC) {
    verdicts.push(
      bad(
        'Told apart',
        `The discriminator tells generated images from held-out real ones nearly always (AUC ${auc.toFixed(2)}). Scores put the images in an order; they vouch for none.`,
      ),
    );
  }
  if (kernelDistance === null) {
    verdicts.push(
      note(
        'Cannot tell',
        `Too few images to tell how near the generated ones are to real ones: ${tooFewImages(quality)}.`,
      ),
    );
  } else if (kernelDistance.low <= kernelDistance.floor.high) {
    verdicts.push(
      good(
        'Close',
        `Against ${count(heldOut)} held-out images no difference from real ones can be measured: the intervals of the kernel distance overlap.`,
      ),
    );
  } else {
    verdicts.push(
      note(
        'Differs',
        `Measurably different from held-out real images: kernel distance ${kernelDistance.estimate.toPrecision(2)}, real images among themselves ${kernelDistance.floor.estimate.toPrecision(2)}.`,
      ),
    );
  }
  if (diversityRatio !== null && diversityRatio < UNIFORM_RATIO) {
    verdicts.push(
      bad(
        'Little variety',
        `The images differ only ${Math.round(100 * diversityRatio)} % as much among each other as the real ones.`,
      ),
    );
  }
  if (agreement === false) {
    verdicts.push(
      note(
        'Unsure',
        'Two feature spaces disagree on how close the images are; do not rely on one figure.',
      ),
    );
  }
  return verdicts;
}

function count(value: number): string {
  return value.toLocaleString('en');
}

function bad(word: string, text: string): Verdict {
  return { tone: 'bad', word, text };
}

function note(word: string, text: string): Verdict {
  return { tone: 'note', word, text };
}

function good(word: string, text: string): Verdict {
  return { tone: 'good', word, text };
}
