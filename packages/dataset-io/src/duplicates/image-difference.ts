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

/** Images behind each other, uint8 [n, size, size, channels]. */
interface Images {
  readonly pixels: Uint8Array;
  readonly size: number;
  readonly channels: number;
}

/** Mean square of the differences above which two images are not near, with room for how sums are rounded. */
const MOST = (NEAR ** 2 + BRIGHTER ** 2) * 255 ** 2 * (1 + 1e-9);

/** The difference of two images, or of one and the other's mirror image; undefined where they are far from near. */
export function differenceOf(
  { pixels, size, channels }: Images,
  a: number,
  b: number,
  isMirrored: boolean,
): Difference | undefined {
  const line = size * channels;
  const count = size * line;
  let [sumA, sumB, squareA, squareB, square] = [0, 0, 0, 0, 0];
  // From the middle on, where most pictures differ.
  for (let i = 0, y = size >> 1; i < size; i++, y = (y + 1) % size) {
    const ofA = a * count + y * line;
    const ofB = b * count + y * line;
    for (let at = 0; at < line; at++) {
      const channel = at % channels;
      const own = pixels[ofA + at] ?? 0;
      const other = pixels[ofB + (isMirrored ? line - channels - at + 2 * channel : at)] ?? 0;
      sumA += own;
      sumB += other;
      squareA += own * own;
      squareB += other * other;
      square += (own - other) * (own - other);
    }
    if (square > MOST * count) return undefined;
  }
  const deviation = (sum: number, squares: number) =>
    Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2)) / 255;
  return {
    distance: Math.sqrt(square / count) / 255,
    shift: Math.abs(sumA - sumB) / count / 255,
    contrast: Math.min(deviation(sumA, squareA), deviation(sumB, squareB)),
  };
}
