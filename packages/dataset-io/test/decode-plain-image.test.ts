import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeOptions } from '../src/index.js';
import { decodePlainImage } from '../src/decode/decode-plain-image.js';
import { decodeWithSharp } from '../src/decode/decode-with-sharp.js';

const options = decodeOptions.parse({ size: 16 });

/** A smooth picture with `channels` values a pixel, as sharp reads it. */
function picture(width: number, height: number, channels: 1 | 3) {
  const pixels = new Uint8Array(width * height * channels);
  for (let i = 0; i < pixels.length; i++) {
    const [x, y] = [Math.floor(i / channels) % width, Math.floor(i / channels / width)];
    pixels[i] = 128 + 100 * Math.sin(x / 9 + (i % channels)) * Math.cos(y / 12);
  }
  const image = sharp(pixels, { raw: { width, height, channels } });
  return channels === 1 ? image.toColourspace('b-w') : image;
}

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? 0)), 0) / a.length;
}

describe('decodePlainImage', () => {
  it('sees what sharp sees, whatever the size, the format, the channels and the fit', async () => {
    const file = fc.record({
      width: fc.integer({ min: options.size, max: 90 }),
      height: fc.integer({ min: options.size, max: 90 }),
      channels: fc.constantFrom(1 as const, 3 as const),
      format: fc.constantFrom('png' as const, 'jpeg' as const),
      fit: fc.constantFrom('cover' as const, 'fill' as const),
    });
    await fc.assert(
      fc.asyncProperty(file, async ({ width, height, channels, format, fit }) => {
        const source = picture(width, height, channels);
        const bytes = await (format === 'png' ? source.png() : source.jpeg()).toBuffer();
        const ours = decodePlainImage(bytes, { ...options, fit });
        const theirs = await decodeWithSharp(bytes, { ...options, fit });
        expect(ours).toMatchObject({ channels, width, height });
        const pixels = ours?.pixels ?? new Uint8Array();
        expect(meanDifference(pixels, theirs.pixels)).toBeLessThan(4);
      }),
      { numRuns: 60, seed: 5 },
    );
  });

  it('enlarges without moving the picture aside', async () => {
    const ramp = Uint8Array.from({ length: 64 }, (_, i) => 36 * (i % 8));
    const mirrored = ramp.map((value) => 252 - value);
    const [a, b] = await Promise.all(
      [ramp, mirrored].map(async (pixels) => {
        const image = sharp(pixels, { raw: { width: 8, height: 8, channels: 1 } });
        const bytes = await image.toColourspace('b-w').png().toBuffer();
        return decodePlainImage(bytes, options)?.pixels.subarray(0, 16) ?? new Uint8Array();
      }),
    );
    expect(meanDifference(a ?? ramp, (b ?? ramp).toReversed())).toBeLessThan(1.5);
  });

  it('averages what is finer than its pixels, as sharp does', async () => {
    const lines = Uint8Array.from({ length: 64 * 64 }, (_, i) => (i % 2) * 255);
    const image = sharp(lines, { raw: { width: 64, height: 64, channels: 1 } });
    const bytes = await image.toColourspace('b-w').png().toBuffer();
    const ours = decodePlainImage(bytes, options)?.pixels ?? new Uint8Array();
    const theirs = (await decodeWithSharp(bytes, options)).pixels;
    expect(meanDifference(ours, new Uint8Array(256).fill(127))).toBeLessThan(3);
    expect(meanDifference(ours, theirs)).toBeLessThan(3);
  });

  it('leaves everything else to sharp', async () => {
    const square = picture(20, 20, 3);
    const others = {
      rgba: await square.clone().ensureAlpha(0.5).png().toBuffer(),
      palette: await square.clone().png({ palette: true }).toBuffer(),
      'sixteen bits': await square.clone().toColourspace('rgb16').png().toBuffer(),
      interlaced: await square.clone().png({ progressive: true }).toBuffer(),
      'with orientation': await square.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer(),
      'with a profile': await square.clone().withIccProfile('p3').png().toBuffer(),
      cmyk: await square.clone().toColourspace('cmyk').jpeg().toBuffer(),
      webp: await square.clone().webp().toBuffer(),
      large: await picture(300, 300, 1).png().toBuffer(),
      nothing: Buffer.alloc(0),
    };
    for (const [name, bytes] of Object.entries(others)) {
      expect([name, decodePlainImage(bytes, options)]).toEqual([name, undefined]);
    }
    const wide = await picture(30, 20, 3).png().toBuffer();
    expect(decodePlainImage(wide, { ...options, fit: 'contain' })).toBeUndefined();
    const grey = await picture(20, 20, 1).png().toBuffer();
    expect(decodePlainImage(grey, { ...options, channels: 3 })).toBeUndefined();
  });

  it('takes no file that is cut short, at whatever byte', async () => {
    for (const format of ['png', 'jpeg'] as const) {
      const whole = await picture(20, 20, 3).toFormat(format).toBuffer();
      expect(decodePlainImage(whole, options)).toBeDefined();
      for (let length = 0; length < whole.length; length++) {
        expect(decodePlainImage(whole.subarray(0, length), options)).toBeUndefined();
      }
    }
  });
});
