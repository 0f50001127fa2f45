import { z } from 'zod';

/** How pixels of 0 to 255 become a model's inputs: (pixel / 255 - mean) / deviation. */
export const normalisations = {
  unit: { mean: [0, 0, 0], deviation: [1, 1, 1] },
  symmetric: { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] },
  bytes: { mean: [0, 0, 0], deviation: [1 / 255, 1 / 255, 1 / 255] },
  imagenet: { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] },
  clip: {
    mean: [0.48145466, 0.4578275, 0.40821073],
    deviation: [0.26862954, 0.26130258, 0.27577711],
  },
} as const;

/** Which features images are compared in. */
export const extractorOptions = z.object({
  extractor: z
    .string()
    .optional()
    .describe(
      'ONNX model of your own for features: FILE or FILE:OUTPUT (DINOv2, CLIP, Inception...), in place of randconv-v1.',
    ),
  extractorSize: z
    .int()
    .min(1)
    .optional()
    .describe('Side length of its input in pixels (default: what the model says).'),
  extractorLayout: z
    .enum(['nchw', 'nhwc'])
    .default('nchw')
    .describe('Order of the axes of its input: channels first or last.'),
  extractorNormalisation: z
    .enum(['unit', 'symmetric', 'bytes', 'imagenet', 'clip'])
    .default('imagenet')
    .describe(
      'Its input values: 0 to 1, -1 to 1, 0 to 255, or less the mean and over the deviation of ImageNet or of CLIP.',
    ),
});
export type ExtractorOptions = z.infer<typeof extractorOptions>;
