import { createHash } from 'node:crypto';

/** Longest folder name in bytes: room for file systems that allow 255 and for paths of 260. */
const MAX_BYTES = 80;
/** Names that Windows keeps for devices. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/**
 * A folder name for each label that every file system accepts, all different even where case does not count.
 * Plain labels keep their name; others get a readable part and a hash of the label.
 */
export function safeFolderNames(labels: readonly string[]): string[] {
  const taken = new Set<string>();
  return labels.map((label) => {
    const isPlain = /^[\w][\w .-]*$/.test(label) && !/[ .]$/.test(label) && !reserved.test(label);
    const fits = Buffer.byteLength(label) <= MAX_BYTES;
    const name = isPlain && fits && !taken.has(label.toLowerCase()) ? label : hashedName(label);
    taken.add(name.toLowerCase());
    return name;
  });
}

function hashedName(label: string): string {
  const readable = label.replace(/[^\w-]+/g, '_').slice(0, 40);
  const hash = createHash('sha256').update(label).digest('hex').slice(0, 12);
  return `${readable}-${hash}`;
}
