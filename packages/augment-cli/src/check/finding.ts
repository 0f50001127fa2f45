/** What can be amiss with images, the gravest first. */
export const findingKinds = [
  'unreadable',
  'label-conflict',
  'split-leak',
  'near-label-conflict',
  'near-split-leak',
  'duplicate',
  'near-duplicate',
  'constant',
  'low-information',
  'blurry',
  'dark',
  'bright',
  'odd-size',
  'odd-shape',
  'small',
  'thin-class',
] as const;
export type FindingKind = (typeof findingKinds)[number];

/** Something to look at: one image, a group of them, or a class. */
export interface Finding {
  readonly kind: FindingKind;
  /** Rows of the manifest, from 0, and their paths; none for a class. */
  readonly rows: readonly number[];
  readonly paths: readonly string[];
  /** The classes that they have. */
  readonly labels: readonly string[];
  /** What was measured, in words. */
  readonly detail: string;
  /** How grave within its kind: the larger the graver. */
  readonly weight: number;
}

/** Findings as they are shown: kind by kind, the gravest first, then by row. */
export function sortedFindings(findings: readonly Finding[]): Finding[] {
  const rank = new Map(findingKinds.map((kind, i) => [kind, i]));
  return findings.toSorted(
    (a, b) =>
      (rank.get(a.kind) ?? 0) - (rank.get(b.kind) ?? 0) ||
      b.weight - a.weight ||
      (a.rows[0] ?? 0) - (b.rows[0] ?? 0),
  );
}
