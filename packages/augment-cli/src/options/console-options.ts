import { z } from 'zod';

/** What every command accepts. */
export const consoleOptions = z.object({
  json: z.boolean().default(false).describe('Print the result as one JSON document on stdout.'),
  quiet: z.boolean().default(false).describe('No narration and no progress bars; warnings stay.'),
  verbose: z.boolean().default(false).describe('Show the stack trace with an error.'),
});
export type ConsoleOptions = Readonly<z.infer<typeof consoleOptions>>;
