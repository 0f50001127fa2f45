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
  select: z
    .enum(['budget', 'top', 'threshold'])
    .default('budget')
    .describe(
      'Which candidates that pass every gate are kept: one of --select-budget at random, the more probably real the likelier (budget), the best of as many (top: less varied images), or all (threshold).',
    ),
  selectBudget: z
    .number()
    .min(1)
    .default(2)
    .describe(
      'Passing candidates for each one kept; lowered where --max-attempts would not be enough.',
    ),
  maxAttempts: z
    .number()
    .min(1)
    .default(20)
    .describe('Candidates drawn at most per missing image before a class is given up as short.'),
});
export type SelectionOptions = z.infer<typeof selectionOptions>;
