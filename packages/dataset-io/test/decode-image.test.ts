import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage, decodeOptions } from '../src/index.js';
import { greyPng, linearGreyPng, png } from './fixtures.js';

const options = decodeOptions.parse({ size: 16 });
const first = (pixels: Uint8Array, channels: number) => [...pixels.subarray(0, channels)];

describe('decodeImage', () => {
  it('keeps grey as one channel and colour as three', async () => {
    const grey = await decodeImage(await greyPng(77), options);
    expect([grey.channels, grey.pixels.length, ...first(grey.pixels, 1)]).toEqual([1, 256, 77]);
    const colour = await decodeImage(await png(90), options);
    expect([colour.channels, ...first(colour.pixels, 3)]).toEqual([3, 90, 10, 200]);
    const forced = await decodeImage(await greyPng(77), { ...options, channels: 3 });
    expect([forced.channels, ...first(forced.pixels, 3)]).toEqual([3, 77, 77, 77]);
  });

  it('lays transparent pixels over the background', async () => {
    const clear = await png(0, { channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } });
    const { pixels } = await decodeImage(clear, { ...options, background: '#ff8000' });
    expect(first(pixels, 3)).toEqual([255, 128, 0]);
    const greyAlpha = await sharp(clear).toColourspace('b-w').png().toBuffer();
    expect((await decodeImage(greyAlpha, { ...options, background: '#ffffff' })).pixels[0]).toBe(
      255,
    );
  });

  it('reads grey by its profile, also as colour', async () => {
    const linear = await linearGreyPng(100);
    const grey = await decodeImage(linear, { ...options, channels: 1 });
    const colour = await decodeImage(linear, { ...options, channels: 3 });
    expect(grey.pixels[0]).toBeGreaterThan(110);
    expect(first(colour.pixels, 3)).toEqual(Array(3).fill(grey.pixels[0]));
  });

  it('calls an image grey unless a coloured background shows', async () => {
    const clear = await png(0, { channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } });
    const greyAlpha = await sharp(clear).toColourspace('b-w').png().toBuffer();
    const wide = await sharp(await greyPng(7))
      .resize(16, 8, { fit: 'fill' })
      .toColourspace('b-w')
      .png()
      .toBuffer();
    const decode = async (bytes: Buffer, background: string) => {
      const { channels, pixels } = await decodeImage(bytes, {
        ...options,
        fit: 'contain',
        background,
      });
      return [channels, ...first(pixels, channels)];
    };
    expect(await decode(greyAlpha, '#ff8000')).toEqual([3, 255, 128, 0]);
    expect(await decode(wide, '#ff8000')).toEqual([3, 255, 128, 0]);
    expect(await decode(greyAlpha, '#7F7f7f')).toEqual([1, 127]);
    expect(await decode(wide, '#7F7f7f')).toEqual([1, 127]);
    // Nothing shows behind a square.
    const square = await sharp(await greyPng(7))
      .toColourspace('grey16')
      .png()
      .toBuffer();
    expect(await decode(square, '#ff8000')).toEqual([1, 7]);
  });

  it('reads 16-bit, CMYK, palette and GIF images', async () => {
    const sixteen = await sharp(await greyPng(128))
      .toColourspace('grey16')
      .png()
      .toBuffer();
    expect((await decodeImage(sixteen, options)).pixels[0]).toBeCloseTo(128, -1);
    const cmyk = await sharp(await png(250))
      .toColourspace('cmyk')
      .jpeg()
      .toBuffer();
    const decoded = await decodeImage(cmyk, options);
    expect(decoded.channels).toBe(3);
    expect(decoded.pixels).toHaveLength(768);
    for (const file of [
      await sharp(await png(90))
        .png({ palette: true })
        .toBuffer(),
      await sharp(await png(90))
        .gif()
        .toBuffer(),
    ]) {
      expect((await decodeImage(file, options)).pixels[0]).toBeCloseTo(90, -1);
    }
  });

  it('turns images upright, and fits them as asked', async () => {
    const halves = Buffer.concat([Buffer.alloc(32 * 8, 0), Buffer.alloc(32 * 8, 255)]);
    const wide = sharp(halves, { raw: { width: 32, height: 16, channels: 1 } }).toColourspace(
      'b-w',
    );
    const turned = await decodeImage(
      await wide.withMetadata({ orientation: 6 }).jpeg().toBuffer(),
      options,
    );
    expect([turned.width, turned.height]).toEqual([16, 32]);
    // Turned by a quarter, the lower half is on the left.
    expect(turned.pixels[(16 * 8 + 1) * turned.channels]).toBeGreaterThan(200);
    expect(turned.pixels[(16 * 8 + 14) * turned.channels]).toBeLessThan(50);
    const flat = await sharp(Buffer.alloc(32 * 16, 255), {
      raw: { width: 32, height: 16, channels: 1 },
    })
      .toColourspace('b-w')
      .png()
      .toBuffer();
    expect((await decodeImage(flat, { ...options, fit: 'contain' })).pixels[0]).toBe(0);
    expect((await decodeImage(flat, { ...options, fit: 'cover' })).pixels[0]).toBe(255);
  });

  it('refuses what is no image, cut short, empty, or a bomb', async () => {
    const whole = await sharp({
      create: {
        width: 64,
        height: 64,
        channels: 3,
        background: '#123456',
        noise: { type: 'gaussian', mean: 9, sigma: 40 },
      },
    })
      .png()
      .toBuffer();
    await expect(decodeImage(Buffer.from('text'), options)).rejects.toThrow(
      /unsupported image format/,
    );
    await expect(decodeImage(whole.subarray(0, whole.length / 2), options)).rejects.toThrow();
    await expect(decodeImage(Buffer.alloc(0), options)).rejects.toThrow('the file is empty');
    const bomb = Buffer.from(await greyPng(0));
    bomb.writeUInt32BE(30_000, 16);
    bomb.writeUInt32BE(30_000, 20);
    await expect(decodeImage(bomb, options)).rejects.toThrow(/pixel limit|invalid|crc/i);
  });
});
