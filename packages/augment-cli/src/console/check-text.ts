import type { Finding, FindingKind } from '../check/finding.js';
import { findingKinds } from '../check/finding.js';
import type { SetHealth } from '../stages/check-images.js';
import { formatTable } from './format.js';
import { plainText } from './plain-text.js';

/** Findings of a kind that are shown, and paths of a finding. */
const SHOWN = 10;
const PATHS = 4;

/** What findings of a kind are called. */
const titles: Record<FindingKind, string> = {
  unreadable: 'Unreadable',
  'label-conflict': 'The same file under two labels',
  'split-leak': 'The same file in two splits',
  'near-label-conflict': 'Nearly the same image under two labels',
  'near-split-leak': 'Nearly the same image in two splits',
  duplicate: 'The same file again',
  'near-duplicate': 'Nearly the same image again',
  constant: 'Of one colour',
  'low-information': 'Hardly anything to see',
  blurry: 'Blurry beside their class',
  dark: 'Dark beside their class',
  bright: 'Bright beside their class',
  'odd-size': 'Of an odd size',
  'odd-shape': 'Of an odd shape: cut or padded to a square',
  small: 'Smaller than the model',
  'thin-class': 'Classes with few train images',
};

/** A set's health in words: its classes, then what to look at, the first of each kind. */
export function checkText({ rows, classes, imbalance, counts, findings }: SetHealth): string {
  const splits = [...new Set(classes.flatMap((one) => Object.keys(one.splits)))].sort();
  const table = formatTable([
    ['class', 'images', ...splits],
    ...classes.map((one) => [
      one.label,
      one.images,
      ...splits.map((split) => one.splits[split] ?? 0),
    ]),
  ]);
  const sections = findingKinds.flatMap((kind) => {
    const count = counts[kind];
    if (count === undefined) return [];
    const own = findings.filter((one) => one.kind === kind).slice(0, SHOWN);
    const more = count > SHOWN ? [`  and ${count - SHOWN} more (--json lists all)`] : [];
    return ['', `${titles[kind]}: ${count}`, ...own.map(findingLine), ...more];
  });
  const left = [
    rows.generated > 0 ? `${rows.generated} generated rows` : [],
    rows.unlabelled > 0 ? `${rows.unlabelled} rows without a label` : [],
  ].flat();
  return [
    table,
    '',
    `Checked ${rows.checked} of ${rows.all} rows${left.length > 0 ? `; left out: ${left.join(', ')}` : ''}.`,
    ...(imbalance === null
      ? []
      : [`The largest class has ${imbalance.toFixed(1)} times the images of the smallest one.`]),
    ...(sections.length > 0 ? sections : ['Nothing stands out.']),
  ].join('\n');
}

function findingLine({ rows, paths, labels, detail }: Finding): string {
  const places = rows.slice(0, PATHS).map((row, i) => `row ${row} ${paths[i] ?? ''}`);
  const what = rows.length > 0 ? places.join(', ') : labels.join(', ');
  const rest = rows.length > PATHS ? ` and ${rows.length - PATHS} more` : '';
  return plainText(`  ${what}${rest}: ${detail}`);
}
