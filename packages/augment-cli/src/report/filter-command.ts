/** What the sliders of a class, or of all, stand at. */
export interface Thresholds {
  readonly score: number;
  readonly novelty: number;
}

/**
 * The `augment filter` command that keeps what reaches some thresholds, for a POSIX shell. Runs in the page too: it uses
 * nothing from outside.
 *
 * @param folder of the run; empty where the command is to be run inside it
 */
export function filterCommand(
  folder: string,
  all: Thresholds,
  classes: readonly (Thresholds & { readonly label: string })[],
): string {
  // What a terminal would act on, or what would show the text in another order, is written as its bytes.
  const special = /[\p{Cc}\p{Bidi_Control}]/gu;
  const octal = (text: string) =>
    Array.from(new TextEncoder().encode(text), (byte) => `\\${byte.toString(8).padStart(3, '0')}`);
  const quote = (text: string) => {
    if (/^[\w./=,:@+-]+$/.test(text)) return text;
    if (text.search(special) < 0) return `'${text.replaceAll("'", "'\\''")}'`;
    const escaped = text.replace(/[\\']/g, '\\$&').replace(special, (one) => octal(one).join(''));
    return `$'${escaped}'`;
  };
  const inside = (name: string) => quote(folder === '' ? name : `${folder}/${name}`);
  return [
    'augment filter',
    `--manifest ${inside('labels.arrow')}`,
    `--min-score ${all.score}`,
    `--min-novelty ${all.novelty}`,
    ...classes.flatMap(({ label, score, novelty }) => [
      ...(score === all.score ? [] : [`--class-min-score=${quote(`${label}=${score}`)}`]),
      ...(novelty === all.novelty ? [] : [`--class-min-novelty=${quote(`${label}=${novelty}`)}`]),
    ]),
    `--out ${inside('filtered.arrow')}`,
  ].join(' ');
}
