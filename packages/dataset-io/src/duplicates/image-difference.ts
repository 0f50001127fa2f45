/**
 * Root mean square difference up to which two images show the same, apart from brightness: what a JPEG of quality 75,
 * another size or a sharpening do at most. Of 2,170 clothes of Fashion-MNIST, trousers included, no two are as near.
 */
const NEAR = 0.035;
/** Nor may they differ by more than this share of their contrast: all dark images lie close together. */
const OF_CONTRAST = 0.15;
/** How much brighter one may be as a whole, in [0, 1]. */
const BRIGHTER = 0.04;
/** How two images differ, everything as a share of the whole range of brightness. */
interface Difference {
  /** Root mean square difference of their pixels. */
  readonly distance: number;
  /** By how much one is brighter on average. */
  readonly shift: number;
  /** The smaller standard deviation of the two. */
  readonly contrast: number;
}

/** Whether two images show the same. */
export function areNear(difference: Difference): boolean {
  return mayBeNear(difference) && apartOf(difference) <= OF_CONTRAST * difference.contrast;
}

/** Whether two images may show the same whose thumbnails differ so: means of pixels differ less than pixels do. */
export function mayBeNear(difference: Difference): boolean {
  return difference.shift <= BRIGHTER && apartOf(difference) <= NEAR;
}

/** What is left of the distance without the difference in brightness. */
function apartOf({ distance, shift }: Difference): number {
  return Math.sqrt(Math.max(0, distance ** 2 - shift ** 2));
}

/** The difference of two images, uint8 [size, size, channels], or of one and the other's mirror image. */
export function differenceOf(
  a: Uint8Array,
  b: Uint8Array,
  { size, channels }: { readonly size: number; readonly channels: number },
  isMirrored: boolean,
): Difference {
  let [sumA, sumB, squareA, squareB, square] = [0, 0, 0, 0, 0];
  for (let at = 0; at < a.length; at++) {
    const x = Math.floor(at / channels) % size;
    const [own, other] = [a[at] ?? 0, b[isMirrored ? at + (size - 1 - 2 * x) * channels : at] ?? 0];
    sumA += own;
    sumB += other;
    squareA += own * own;
    squareB += other * other;
    square += (own - other) ** 2;
  }
  const count = a.length;
  const deviation = (sum: number, squares: number) =>
    Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2)) / 255;
  return {
    distance: Math.sqrt(square / count) / 255,
    shift: Math.abs(sumA - sumB) / count / 255,
    contrast: Math.min(deviation(sumA, squareA), deviation(sumB, squareB)),
  };
}
