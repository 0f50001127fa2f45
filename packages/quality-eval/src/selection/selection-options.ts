import { z } from 'zod';

/** How generated images are selected. */
export const selectionOptions = z.object({
  minScore: z
    .number()
    .min(0)
    .max(1)
    .default(0.05)
    .describe(
      'Smallest score kept, 0 to 1: .05 rejects what ranks below 95 % of held-out real images of the class.',
    ),
  maxAttempts: z
    .number()
    .min(1)
    .default(20)
    .describe('Candidates drawn at most per missing image before a class is given up as short.'),
});
export type SelectionOptions = z.infer<typeof selectionOptions>;
