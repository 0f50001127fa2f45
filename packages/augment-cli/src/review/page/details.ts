import { figure, labelOf } from './describe.js';
import { byId, elementOf, element } from './element.js';
import type { ShownImages } from './shown-images.js';

/** How many of the images behind the chosen one are loaded ahead. */
const AHEAD = 2;

/** Shows the chosen image beside its nearest real one, with what is known of it. */
export function showDetails(shown: ShownImages): void {
  const { state, chosen, list, place } = shown;
  const row = chosen === undefined ? undefined : state.rows[chosen];
  const nearest = chosen === undefined ? null : (state.nearest[chosen] ?? null);
  show(elementOf('chosen', HTMLImageElement), row ?? null, 'The chosen generated image');
  show(elementOf('nearest', HTMLImageElement), nearest, 'The real image nearest to it');
  for (const name of ['accept', 'reject', 'clear']) {
    elementOf(name, HTMLButtonElement).disabled = chosen === undefined;
  }
  const review = chosen === undefined ? null : (shown.reviews[chosen] ?? null);
  byId('accept').ariaPressed = String(review === 'accepted');
  byId('reject').ariaPressed = String(review === 'rejected');
  const facts = byId('facts');
  if (chosen === undefined) {
    facts.replaceChildren();
    return;
  }
  facts.replaceChildren(
    ...fact('Class', labelOf(state.classes, state.labels[chosen])),
    ...fact('Score', figure(state.scores[chosen])),
    ...fact('Novelty', figure(state.novelties[chosen])),
    ...fact('Decision', review ?? 'undecided'),
    ...fact('File', state.paths[chosen] ?? ''),
    ...fact('Nearest', state.nearestPaths[chosen] ?? 'not in the manifest'),
  );
  for (const next of list.slice(place + 1, place + 1 + AHEAD)) {
    for (const ahead of [state.rows[next], state.nearest[next]]) {
      if (typeof ahead === 'number') new Image().src = addressOf(ahead);
    }
  }
}

/** A name and a value; its direction of writing stays its own. */
function fact(name: string, value: string): [HTMLElement, HTMLElement] {
  return [element('dt', {}, name), element('dd', {}, element('bdi', {}, value))];
}

function show(picture: HTMLImageElement, row: number | null, alt: string): void {
  if (row === null) {
    picture.removeAttribute('src');
    picture.alt = '';
    return;
  }
  picture.alt = alt;
  if (!picture.src.endsWith(`/${addressOf(row)}`)) picture.src = addressOf(row);
}

function addressOf(row: number): string {
  return `image/${row}`;
}
