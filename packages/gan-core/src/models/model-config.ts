import { z } from 'zod';

/** The models by name. */
export const modelNames = ['cdcgan'] as const;
export type ModelName = (typeof modelNames)[number];

/** Named sizes of the networks. */
export const presetNames = ['tiny32', 'base32', 'base64', 'base128'] as const;
export type PresetName = (typeof presetNames)[number];

const widths = z.array(z.int().min(1)).readonly();

/** Everything that defines a model's networks; saved with every checkpoint. */
export const modelConfig = z
  .object({
    model: z.enum(modelNames),
    /** Side length of the images in pixels. */
    size: z.int().min(1),
    channels: z.union([z.literal(1), z.literal(3)]),
    classes: z.int().min(1),
    /** Length of the noise vector. */
    latentDim: z.int().min(1),
    /** Length of the class embedding. */
    embeddingDim: z.int().min(0),
    /** Channels from the smallest map outwards. */
    generatorWidths: widths,
    discriminatorWidths: widths,
  })
  .readonly();
export type ModelConfig = z.infer<typeof modelConfig>;

/** What a model's config is made for. */
export interface ModelShape {
  readonly preset: PresetName;
  readonly size: number;
  readonly channels: 1 | 3;
  readonly classes: number;
  readonly latentDim: number;
}
