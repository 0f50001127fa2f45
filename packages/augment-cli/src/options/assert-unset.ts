import type { z } from 'zod';
import { UsageError } from '../errors.js';
import { describeOptions } from './describe-options.js';

/**
 * Refuses flags that would be ignored. The environment and a config file may set what other commands use.
 *
 * @param keys the options of `schema` that have no effect here
 * @param where in words: "without --extractor"
 * @param flags keys of the options that the command line sets
 * @throws UsageError naming the first of them that is set to something else than its default
 */
export function assertUnset(
  schema: z.ZodObject,
  keys: readonly string[],
  options: Readonly<Record<string, unknown>>,
  where: string,
  flags: ReadonlySet<string>,
): void {
  for (const { key, flag, default: usual } of describeOptions(schema)) {
    const value = options[key];
    if (value === usual || !keys.includes(key) || !flags.has(key)) continue;
    throw new UsageError(
      `Expected no --${flag} ${where} but received ${JSON.stringify(value)}; it would have no effect, leave it out.`,
    );
  }
}
