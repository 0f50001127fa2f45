import type { RowThresholds } from '@evenset/dataset-io';
import type { z } from 'zod';
import { UsageError } from '../errors.js';
import { describeNumber } from './describe-options.js';
import { assertKnownLabel, assertOnce, labelledText } from './labelled-text.js';

/** One repeatable flag of label=N. */
export interface ClassThresholdFlag {
  readonly flag: string;
  readonly threshold: keyof RowThresholds;
  readonly texts: readonly string[];
  /** What a number must be. */
  readonly schema: z.ZodNumber | z.ZodDefault<z.ZodNumber>;
}

/**
 * Thresholds of single classes, by label.
 *
 * @param known the labels of the manifest
 * @throws UsageError on a text that is no label=N, a label that is not known, a number out of range, or a second one
 */
export function classThresholds(
  flags: readonly ClassThresholdFlag[],
  known: ReadonlySet<string>,
): Map<string, Partial<RowThresholds>> {
  const byLabel = new Map<string, Partial<RowThresholds>>();
  for (const { flag, threshold, texts, schema } of flags) {
    for (const text of texts) {
      const { label, value } = labelledText(text) ?? { label: undefined, value: '' };
      const number = schema.safeParse(value.trim() === '' ? undefined : Number(value));
      if (label === undefined || value.trim() === '' || !number.success) {
        throw new UsageError(
          `Expected label=N, ${describeNumber(schema)}, for ${flag} but received "${text}".`,
        );
      }
      assertKnownLabel(label, flag, known);
      const before = byLabel.get(label);
      assertOnce(label, flag, before?.[threshold], text);
      byLabel.set(label, { ...before, [threshold]: number.data });
    }
  }
  return byLabel;
}
