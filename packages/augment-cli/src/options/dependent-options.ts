import {
  extractorOptions,
  selectionOptions,
  type ExtractorOptions,
  type SelectionOptions,
} from '@evenset/quality-eval';
import type { CommandContext } from '../command.js';
import { assertUnset } from './assert-unset.js';

/**
 * Refuses to describe an extractor that is not named.
 *
 * @throws UsageError naming the flag
 */
export function assertExtractorNamed(
  options: ExtractorOptions,
  { flags }: Pick<CommandContext, 'flags'>,
): void {
  if (options.extractor !== undefined) return;
  assertUnset(
    extractorOptions,
    Object.keys(extractorOptions.shape),
    options,
    'without --extractor',
    flags,
  );
}

/**
 * Refuses a budget where every candidate that passes is kept.
 *
 * @throws UsageError naming the flag
 */
export function assertBudgetUsed(
  options: SelectionOptions,
  { flags }: Pick<CommandContext, 'flags'>,
): void {
  if (options.select !== 'threshold') return;
  assertUnset(selectionOptions, ['selectBudget'], options, 'with --select threshold', flags);
}
