import { z } from 'zod';

/** The models by name. */
export const modelNames = ['cdcgan', 'seed64', 'gan', 'autoencoder', 'vae'] as const;
export type ModelName = (typeof modelNames)[number];

/** Named sizes of the networks. */
export const presetNames = ['tiny32', 'base32', 'base64', 'base128'] as const;
export type PresetName = (typeof presetNames)[number];

/** How the weights of cdcgan's discriminator are held small. */
export const discriminatorNormNames = ['spectral', 'none'] as const;

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
    /** Length of the class embedding; 0 for a model that knows no classes. */
    embeddingDim: z.int().min(0),
    /** Side length of the maps from which the generator's batch norm knows the class; 4: all. */
    conditionalFrom: z.int().min(4).optional(),
    /** Of the projection discriminator; spectral where it is not named. */
    discriminatorNorm: z.enum(discriminatorNormNames).optional(),
    /** Whether each class has its own copy of the model. */
    perClass: z.boolean(),
    /** Channels from the smallest map outwards; the encoder's are called the discriminator's. */
    generatorWidths: widths,
    discriminatorWidths: widths,
  })
  .readonly();
export type ModelConfig = z.infer<typeof modelConfig>;

/** Channels or units of the two networks from the small end outwards. */
export type Widths = Pick<ModelConfig, 'generatorWidths' | 'discriminatorWidths'>;

/** What a model's config is made for. */
export interface ModelShape {
  readonly preset: PresetName | 'auto';
  readonly size: number;
  readonly channels: 1 | 3;
  readonly classes: number;
  readonly latentDim: number;
  readonly perClass: boolean;
  readonly conditionalFrom?: number | undefined;
  readonly discriminatorNorm?: ModelConfig['discriminatorNorm'];
  /** Instead of the model's own. */
  readonly generatorWidths?: readonly number[] | undefined;
  readonly discriminatorWidths?: readonly number[] | undefined;
}
