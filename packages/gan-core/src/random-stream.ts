import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Numbers drawn from one seed for one purpose. */
export interface RandomStream {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Uniform whole number in [from, to]. */
  integer(from: number, to: number): number;
  /** Fills `target` with normal values of mean 0 and standard deviation `sd`, 1 unless given. */
  fillNormal(target: Float32Array, sd?: number): void;
}

/**
 * The random numbers of one purpose: a pure function of the seed and the keys, so that nothing random
 * has to be saved with a checkpoint and no use of randomness disturbs another.
 */
export function randomStream(seed: number, ...keys: readonly (string | number)[]): RandomStream {
  const generator = xoroshiro128plus(hash([seed, ...keys].join('/')));
  const uniform = () => uniformFloat64(generator);
  return {
    uniform,
    integer: (from, to) => uniformInt(generator, from, to),
    fillNormal(target, sd = 1) {
      // Box-Muller: two normal values from two uniform ones.
      for (let i = 0; i < target.length; i += 2) {
        const radius = sd * Math.sqrt(-2 * Math.log(1 - uniform()));
        const angle = 2 * Math.PI * uniform();
        target[i] = radius * Math.cos(angle);
        if (i + 1 < target.length) target[i + 1] = radius * Math.sin(angle);
      }
    },
  };
}

/**
 * FNV-1a, 32 bits, and MurmurHash3's final mix. Without that a last digit changes few bits, and the first numbers of
 * neighbouring keys would be alike.
 */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return value ^ (value >>> 16);
}
