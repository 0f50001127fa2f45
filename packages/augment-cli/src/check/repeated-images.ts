import type { Duplicates } from '@evenset/dataset-io';
import { namesOf, type CheckedImage } from './checked-image.js';
import type { Finding } from './finding.js';

/** Kinds of findings for images of the same content, and of nearly the same. */
const exact = { conflict: 'label-conflict', leak: 'split-leak', repeat: 'duplicate' } as const;
const nearly = {
  conflict: 'near-label-conflict',
  leak: 'near-split-leak',
  repeat: 'near-duplicate',
} as const;

/**
 * Images that are there more than once: under two labels, in two splits, or simply again. Each group is one finding for
 * each of these that is new in it: what files of the same content show already is not said again of near ones.
 *
 * @param images in the order of the store in which duplicates were found
 */
export function repeatedImages(
  images: readonly CheckedImage[],
  { contents, groups, near }: Duplicates,
): Finding[] {
  const ofContent = membersOf(contents);
  const same = [...ofContent.values()].flatMap((members) =>
    judge(picked(images, members), exact, `the same content`),
  );
  const distances = new Map<number, number>();
  for (const { first, distance } of near) {
    const group = groups[first] ?? first;
    distances.set(group, Math.min(distance, distances.get(group) ?? Infinity));
  }
  const alike = [...membersOf(groups)].flatMap(([group, members]) => {
    // Of each content one for each label and split.
    const different = firstOfEach(members, (at) =>
      JSON.stringify([contents[at], images[at]?.label, images[at]?.split]),
    );
    const kinds = new Set(different.map((at) => contents[at]));
    if (kinds.size < 2) return [];
    const distance = (100 * (distances.get(group) ?? 0)).toFixed(1);
    return judge(picked(images, different), nearly, `pixels differ by ${distance} %`);
  });
  return [...same, ...alike];
}

function judge(
  images: readonly CheckedImage[],
  kinds: typeof exact | typeof nearly,
  how: string,
): Finding[] {
  if (images.length < 2) return [];
  const named = { ...namesOf(images), weight: images.length };
  const splits = [...new Set(images.map(({ split }) => split ?? 'no split'))];
  const findings: Finding[] = [];
  if (named.labels.length > 1) {
    const detail = `${how} under ${named.labels.length} labels: ${named.labels.join(', ')}`;
    findings.push({ ...named, kind: kinds.conflict, detail });
  }
  if (splits.length > 1) {
    findings.push({ ...named, kind: kinds.leak, detail: `${how} in ${splits.join(' and ')}` });
  }
  if (findings.length === 0) {
    findings.push({ ...named, kind: kinds.repeat, detail: `${how}, ${images.length} times` });
  }
  return findings;
}

/** Positions by what they are grouped under. */
function membersOf(groups: Int32Array): Map<number, number[]> {
  const members = new Map<number, number[]>();
  groups.forEach((group, at) => {
    const own = members.get(group);
    if (own) own.push(at);
    else members.set(group, [at]);
  });
  return members;
}

function firstOfEach(members: readonly number[], keyOf: (at: number) => string): number[] {
  const seen = new Set<string>();
  return members.filter((at) => {
    const isNew = !seen.has(keyOf(at));
    seen.add(keyOf(at));
    return isNew;
  });
}

function picked(images: readonly CheckedImage[], members: readonly number[]): CheckedImage[] {
  return members.flatMap((at) => images[at] ?? []);
}
