import { UsageError } from '../errors.js';

/** `label=value` as its two parts; a label may hold `=` itself. Undefined where there is no label. */
export function labelledText(text: string): { label: string; value: string } | undefined {
  const at = text.lastIndexOf('=');
  return at > 0 ? { label: text.slice(0, at), value: text.slice(at + 1) } : undefined;
}

/** @throws UsageError naming the flag and the labels that there are */
export function assertKnownLabel(label: string, flag: string, known: ReadonlySet<string>): void {
  if (known.has(label)) return;
  const shown = [...known].slice(0, 20).join(', ');
  throw new UsageError(
    `Expected a label of the manifest for ${flag} but received "${label}". Labels: ${shown}.`,
  );
}

/** @throws UsageError on a second value of a flag for one label */
export function assertOnce(
  label: string,
  flag: string,
  earlier: number | undefined,
  text: string,
): void {
  if (earlier === undefined) return;
  throw new UsageError(
    `Expected one ${flag} for ${label} but received "${label}=${earlier}" and "${text}"; leave one out.`,
  );
}
