import {
  extractorOptions,
  selectionOptions,
  type ExtractorOptions,
  type SelectionOptions,
} from '@evenset/quality-eval';
import { assertUnset } from './assert-unset.js';

/**
 * Refuses to describe an extractor that is not named.
 *
 * @throws UsageError naming the flag
 */
export function assertExtractorNamed(options: ExtractorOptions): void {
  if (options.extractor !== undefined) return;
  assertUnset(
    extractorOptions,
    Object.keys(extractorOptions.shape),
    options,
    'without --extractor',
  );
}

/**
 * Refuses a budget where every candidate that passes is kept.
 *
 * @throws UsageError naming the flag
 */
export function assertBudgetUsed(options: SelectionOptions): void {
  if (options.select !== 'threshold') return;
  assertUnset(selectionOptions, ['selectBudget'], options, 'with --select threshold');
}
