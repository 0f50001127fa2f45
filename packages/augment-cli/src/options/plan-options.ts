import { z } from 'zod';

/** How many images each class is to have. */
export const planOptions = z.object({
  targetPerClass: z
    .int()
    .min(0)
    .optional()
    .describe('Images every class is to have in the train split, real and generated together.'),
  target: z
    .array(z.string())
    .default([])
    .describe(
      'majority, median or a number for all classes (without any target: majority), or label=N for one class. Repeatable.',
    ),
  classes: z
    .array(z.string())
    .default([])
    .describe('Fill up only these classes (the others still train the model). Repeatable.'),
  force: z
    .boolean()
    .default(false)
    .describe('Also augment classes with fewer than 20 real images, which are refused otherwise.'),
});
export type PlanOptions = z.infer<typeof planOptions>;
