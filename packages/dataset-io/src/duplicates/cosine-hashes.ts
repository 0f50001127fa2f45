/** Side length of the grey thumbnails that images are compared by. */
const SIDE = 16;
/** Values of a thumbnail. */
export const THUMBNAIL = SIDE * SIDE;
/** Side length of the square of low frequencies that make a hash. */
const LOW = 8;
/** 32-bit words of a hash: one bit for each frequency. */
export const HASH_WORDS = 2;

/** Rec. 601: how bright red, green and blue look. */
const LUMA = [0.299, 0.587, 0.114];

/** cos(pi (2 x + 1) u / 32) for each frequency u and place x, [8, 16]. */
const cosines = Float64Array.from({ length: LOW * SIDE }, (_, at) => {
  const [frequency, place] = [Math.floor(at / SIDE), at % SIDE];
  return Math.cos((Math.PI * (2 * place + 1) * frequency) / (2 * SIDE));
});

/**
 * Grey thumbnails of images, by the mean of each square of pixels.
 *
 * @param images uint8 [n, size, size, channels], size a multiple of 16
 * @returns uint8 [n, 16, 16]
 */
export function thumbnailsOf(
  images: Uint8Array,
  { size, channels }: { readonly size: number; readonly channels: number },
): Uint8Array {
  const line = size * channels;
  const count = images.length / (size * line);
  const step = size / SIDE;
  const weights = channels === 1 ? [1] : LUMA;
  const thumbnails = new Uint8Array(count * THUMBNAIL);
  for (let cell = 0; cell < thumbnails.length; cell++) {
    const [down, across] = [Math.floor(cell / SIDE) * step, (cell % SIDE) * step];
    let sum = 0;
    for (let y = down; y < down + step; y++) {
      const from = y * line + across * channels;
      for (let at = from; at < from + step * channels; at += channels) {
        let luma = 0;
        for (let channel = 0; channel < channels; channel++) {
          luma += (weights[channel] ?? 0) * (images[at + channel] ?? 0);
        }
        sum = Math.fround(sum + luma);
      }
    }
    thumbnails[cell] = Math.round(sum / (step * step));
  }
  return thumbnails;
}

/**
 * Perceptual hashes of thumbnails, which small changes of an image leave nearly as they are: whether each of the 64 lowest
 * frequencies of the cosine transform is above their median. Source: Zauner, "Implementation and benchmarking of
 * perceptual image hash functions" (2010), section 3.2.1.
 *
 * @param thumbnails uint8 [n, 16, 16]
 * @returns uint32 [2 n, 2]: those of the images, then those of their mirror images
 */
export function cosineHashes(thumbnails: Uint8Array): Uint32Array {
  const count = thumbnails.length / THUMBNAIL;
  const hashes = new Uint32Array(2 * count * HASH_WORDS);
  for (let image = 0; image < count; image++) {
    const frequencies = lowFrequencies(
      thumbnails.subarray(image * THUMBNAIL, (image + 1) * THUMBNAIL),
    );
    writeHash(frequencies, hashes, image);
    // Left and right swapped, the odd frequencies across change their sign.
    for (let at = 1; at < frequencies.length; at += 2) frequencies[at] = -(frequencies[at] ?? 0);
    writeHash(frequencies, hashes, count + image);
  }
  return hashes;
}

/** The cosine transform's lowest frequencies, [8 down, 8 across]. */
function lowFrequencies(thumbnail: Uint8Array): Float64Array {
  const across = new Float64Array(SIDE * LOW);
  for (let y = 0; y < SIDE; y++) {
    for (let u = 0; u < LOW; u++) {
      let sum = 0;
      for (let x = 0; x < SIDE; x++)
        sum += (cosines[u * SIDE + x] ?? 0) * (thumbnail[y * SIDE + x] ?? 0);
      across[y * LOW + u] = sum;
    }
  }
  const both = new Float64Array(LOW * LOW);
  for (let v = 0; v < LOW; v++) {
    for (let u = 0; u < LOW; u++) {
      let sum = 0;
      for (let y = 0; y < SIDE; y++)
        sum += (cosines[v * SIDE + y] ?? 0) * (across[y * LOW + u] ?? 0);
      both[v * LOW + u] = sum;
    }
  }
  return both;
}

function writeHash(frequencies: Float64Array, hashes: Uint32Array, image: number): void {
  // The mean brightness, which comes first, would outweigh all others.
  const median = Float64Array.from(frequencies.subarray(1)).sort()[(LOW * LOW) >> 1] ?? 0;
  for (let at = 1; at < frequencies.length; at++) {
    if ((frequencies[at] ?? 0) > median) {
      const word = image * HASH_WORDS + (at >> 5);
      hashes[word] = (hashes[word] ?? 0) | (1 << (at & 31));
    }
  }
}
