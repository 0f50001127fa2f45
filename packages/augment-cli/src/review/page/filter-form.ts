import { element } from './element.js';
import type { Filter } from './filter-images.js';

/** Lists the classes to choose from, as text, each with its number of images. */
export function fillClasses(
  form: HTMLFormElement,
  classes: readonly string[],
  labels: readonly number[],
): void {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const options = classes.flatMap((name, label) => {
    const count = counts.get(label);
    if (count === undefined) return [];
    // Isolated, so that a name written from right to left leaves its number in place.
    return element('option', { value: String(label) }, `\u2068${name}\u2069 (${count})`);
  });
  selectOf(form, 'label').replaceChildren(element('option', { value: '' }, 'all'), ...options);
}

/** What the form asks for. */
export function readFilter(form: HTMLFormElement): Filter {
  const label = selectOf(form, 'label').value;
  return {
    label: label === '' ? null : Number(label),
    review: selectOf(form, 'review').value as Filter['review'],
    score: { min: numberOf(form, 'minScore'), max: numberOf(form, 'maxScore') },
    novelty: { min: numberOf(form, 'minNovelty'), max: numberOf(form, 'maxNovelty') },
    order: selectOf(form, 'order').value as Filter['order'],
  };
}

function selectOf(form: HTMLFormElement, name: string): HTMLSelectElement {
  return form.elements.namedItem(name) as HTMLSelectElement;
}

function numberOf(form: HTMLFormElement, name: string): number | null {
  const { valueAsNumber } = form.elements.namedItem(name) as HTMLInputElement;
  return Number.isFinite(valueAsNumber) ? valueAsNumber : null;
}
