import type { ClassResult, RunRecord } from '../run/run-record.js';
import { formatShare, formatTable } from './format.js';
import { plainText } from './plain-text.js';

/** The end of a run in words: per class what was accepted, and why candidates were rejected. */
export function resultText(record: RunRecord, folder: string): string {
  const made = record.classes.filter(({ missing, refused }) => missing + refused > 0);
  const table = formatTable([
    ['class', 'real', 'accepted', 'of', 'candidates'],
    ...made.map((one) => [
      one.label,
      one.real,
      one.accepted,
      one.missing + one.refused,
      one.attempts,
    ]),
  ]);
  const shortfalls = made.filter(({ accepted, missing, refused }) => accepted < missing + refused);
  return [
    table,
    '',
    ...shortfalls.map((one) => plainText(shortfallLine(one))),
    ...(record.status === 'short' ? ['Short of the target; what was accepted is kept.'] : []),
    `Manifest: ${folder}/labels.arrow`,
    `Report:   ${folder}/report.html`,
  ].join('\n');
}

/** `bag 212/360: 61 % low-score, 9 % near-copy`. */
function shortfallLine({
  label,
  accepted,
  missing,
  refused,
  rejected,
  attempts,
}: ClassResult): string {
  if (refused > 0) return `${label} 0/${refused}: refused, too few real images`;
  if (attempts === 0) return `${label} ${accepted}/${missing}: too few different real images`;
  const reasons = Object.entries(rejected)
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => `${formatShare(count, attempts)} ${reason}`);
  return `${label} ${accepted}/${missing}: ${reasons.join(', ')}`;
}
