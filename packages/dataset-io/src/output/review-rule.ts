import type { RecordBatch, Schema } from 'apache-arrow';
import { ManifestError } from '../errors.js';
import { textsOf } from '../manifest/manifest.js';
import { reviewColumn } from '../manifest/own-columns.js';

/** What of a reviewed manifest's generated rows is kept. */
export const reviewRules = ['any', 'not-rejected', 'accepted'] as const;
export type ReviewRule = (typeof reviewRules)[number];

/**
 * A test of a batch's rows against a rule.
 *
 * @throws ManifestError where the rule asks for decisions and the manifest has no column of them
 */
export function reviewTest(
  schema: Schema,
  rule: ReviewRule,
  file: string,
): (batch: RecordBatch) => (row: number) => boolean {
  if (rule === 'any') return () => () => true;
  const name = reviewColumn(schema);
  if (!schema.fields.some((field) => field.name === name)) {
    throw new ManifestError(
      `Expected a reviewed manifest but ${file} has no column "${name}"; augment review writes one.`,
    );
  }
  return (batch) => {
    const reviewOf = textsOf(batch, name);
    return rule === 'accepted'
      ? (row) => reviewOf(row) === 'accepted'
      : (row) => reviewOf(row) !== 'rejected';
  };
}
