import { z } from 'zod';

/** How images are brought to the model's size and channels. */
export const decodeOptions = z.object({
  size: z.literal([16, 32, 64, 128]).default(32).describe('Side length of the model in pixels.'),
  channels: z
    .union([z.literal('auto'), z.literal(1), z.literal(3)])
    .default('auto')
    .describe(
      '1 for grey, 3 for colour; auto: grey when all images are, and what shows behind them.',
    ),
  fit: z
    .enum(['cover', 'contain', 'fill'])
    .default('cover')
    .describe('Crop to the square (cover), pad to it (contain) or stretch to it (fill).'),
  background: z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/, 'a colour like #ffffff')
    .default('#000000')
    .describe('Colour behind transparent pixels and padding, like #ffffff.'),
});
export type DecodeOptions = z.infer<typeof decodeOptions>;
