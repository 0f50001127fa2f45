import { quantile } from '@evenset/quality-eval';
import type { ImageLook } from '@evenset/dataset-io';
import { namesOf, type CheckedImage } from './checked-image.js';
import type { Finding, FindingKind } from './finding.js';

/** Images of a class from which on it sets its own measure; smaller ones are measured by all images. */
const MIN_CLASS = 10;
/** Standard deviation of brightness, of a whole range of 1, below which an image is of one colour. */
const CONSTANT = 0.004;
/** Bits of entropy below which hardly anything is to be seen: two greys at most. */
const LOW_ENTROPY = 1;
/** Share of the class's median sharpness below which an image is blurry. */
const BLURRY = 0.1;
/** Brightness, or darkness, below which an image is looked at, if its class has this many times as much. */
const EXTREME = { level: 0.1, times: 4 };
/** Times the side length of the median image. */
const ODD_SIZE = 4;
/** Times the ratio of the longer to the shorter side of the median image. */
const ODD_SHAPE = 1.5;

/** An image that could be looked at. */
type SeenImage = CheckedImage & { readonly look: ImageLook };

/** What images of a kind are like, half of them less and half of them more. */
interface Medians {
  readonly sharpness: number;
  readonly brightness: number;
}

/**
 * Images that are unlike the others of their class, or hold little: constant, low in information, blurry, dark, bright, of
 * an odd size or shape, or smaller than the model.
 *
 * @param size the model's side length
 */
export function oddImages(all: readonly CheckedImage[], size: number): Finding[] {
  const images = all.filter((image): image is SeenImage => image.look !== undefined);
  if (images.length === 0) return [];
  const overall = mediansOf(images);
  const byClass = new Map<string, SeenImage[]>();
  for (const image of images) {
    const own = byClass.get(image.label);
    if (own) own.push(image);
    else byClass.set(image.label, [image]);
  }
  const side = median(images, sideOf);
  const shape = median(images, shapeOf);
  return [...byClass.values()].flatMap((members) => {
    const medians = members.length < MIN_CLASS ? overall : mediansOf(members);
    return members.flatMap((image) => [
      ...lookFindings(image, medians),
      ...sizeFindings(image, { side, shape, size }),
    ]);
  });
}

/** The gravest of what is amiss with an image's look. */
function lookFindings(image: SeenImage, medians: Medians): Finding[] {
  const { contrast, entropy, brightness } = image.look;
  if (contrast < CONSTANT) {
    return [found('constant', image, `one colour: brightness ${percent(brightness)}`, 1)];
  }
  if (entropy < LOW_ENTROPY) {
    return [found('low-information', image, `entropy ${entropy.toFixed(2)} bits`, -entropy)];
  }
  const sharp = medians.sharpness > 0 ? sharpnessOf(image) / medians.sharpness : 1;
  const [dark, bright] = [brightness, 1 - brightness];
  const isExtreme = (own: number, usual: number) =>
    own < EXTREME.level && usual > EXTREME.times * own;
  return [
    ...(sharp < BLURRY
      ? [found('blurry', image, `${percent(sharp)} of its class's sharpness`, -sharp)]
      : []),
    ...(isExtreme(dark, medians.brightness)
      ? [found('dark', image, `brightness ${beside(brightness, medians)}`, -dark)]
      : []),
    ...(isExtreme(bright, 1 - medians.brightness)
      ? [found('bright', image, `brightness ${beside(brightness, medians)}`, -bright)]
      : []),
  ];
}

function sizeFindings(
  image: SeenImage,
  usual: { readonly side: number; readonly shape: number; readonly size: number },
): Finding[] {
  const { width, height } = image.look;
  const detail = `${width} x ${height}`;
  const times = Math.max(sideOf(image) / usual.side, usual.side / sideOf(image));
  const bent = shapeOf(image) / usual.shape;
  const least = Math.min(width, height);
  return [
    ...(times > ODD_SIZE ? [found('odd-size', image, detail, times)] : []),
    ...(bent > ODD_SHAPE ? [found('odd-shape', image, detail, bent)] : []),
    ...(least < usual.size
      ? [found('small', image, `${detail}, the model takes ${usual.size} x ${usual.size}`, -least)]
      : []),
  ];
}

function found(kind: FindingKind, image: SeenImage, detail: string, weight: number): Finding {
  return { kind, ...namesOf([image]), detail, weight };
}

function mediansOf(images: readonly SeenImage[]): Medians {
  return {
    sharpness: median(images, sharpnessOf),
    brightness: median(images, ({ look }) => look.brightness),
  };
}

function median(images: readonly SeenImage[], value: (image: SeenImage) => number): number {
  return quantile(Float64Array.from(images, value), 0.5);
}

/** Variance of the Laplacian over that of the brightness: a dark image is not a blurry one. */
const sharpnessOf = ({ look }: SeenImage) =>
  look.contrast > 0 ? (look.sharpness / look.contrast) ** 2 : 0;
const sideOf = ({ look }: SeenImage) => Math.sqrt(look.width * look.height);
const shapeOf = ({ look: { width, height } }: SeenImage) =>
  Math.max(width, height) / Math.min(width, height);

function beside(brightness: number, medians: Medians): string {
  return `${percent(brightness)}, its class ${percent(medians.brightness)}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
}
