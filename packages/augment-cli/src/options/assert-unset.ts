import type { z } from 'zod';
import { UsageError } from '../errors.js';
import { describeOptions } from './describe-options.js';

/**
 * Refuses options that would be ignored.
 *
 * @param keys the options of `schema` that have no effect here
 * @param where in words: "without --extractor"
 * @throws UsageError naming the first that is set to something else than its default
 */
export function assertUnset(
  schema: z.ZodObject,
  keys: readonly string[],
  options: Readonly<Record<string, unknown>>,
  where: string,
): void {
  for (const { key, flag, default: usual } of describeOptions(schema)) {
    const value = options[key];
    if (value === usual || !keys.includes(key)) continue;
    throw new UsageError(
      `Expected no --${flag} ${where} but received ${JSON.stringify(value)}; it would have no effect, leave it out.`,
    );
  }
}
