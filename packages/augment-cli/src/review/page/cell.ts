import { element } from './element.js';
import { describe } from './describe.js';
import type { ShownImages } from './shown-images.js';

/** The mark of a decision, beside its colour. */
const marks = { accepted: '✓', rejected: '✗' } as const;

/** An empty cell of the grid. */
export function makeCell(): HTMLElement {
  const picture = element('img', { alt: '', decoding: 'async', draggable: false });
  const cell = element(
    'div',
    { role: 'gridcell', className: 'cell' },
    picture,
    element('span', { className: 'mark', ariaHidden: 'true' }),
    quickButton('accept', '✓', 'Accept'),
    quickButton('reject', '✗', 'Reject'),
  );
  picture.addEventListener('error', () => {
    cell.classList.add('missing');
  });
  return cell;
}

/** For the mouse; keys and the larger buttons do the same. */
function quickButton(name: string, sign: string, what: string): HTMLButtonElement {
  const button = element('button', { type: 'button', tabIndex: -1, title: what }, sign);
  button.className = `quick ${name}`;
  button.dataset.quick = name;
  button.ariaHidden = 'true';
  return button;
}

/** Lets a cell show an image of the list. */
export function fillCell(
  cell: HTMLElement,
  image: number,
  shown: ShownImages,
  withPicture: boolean,
): void {
  const [picture, mark] = cell.children as unknown as [HTMLImageElement, HTMLElement];
  const review = shown.reviews[image] ?? null;
  cell.id = `image-${image}`;
  cell.dataset.image = String(image);
  cell.dataset.review = review ?? '';
  cell.ariaLabel = describe(shown, image);
  cell.ariaSelected = String(shown.chosen === image);
  mark.textContent = review === null ? '' : marks[review];
  const address = `image/${shown.state.rows[image] ?? 0}`;
  if (picture.dataset.address === address) return;
  if (!withPicture) {
    // What flies past is not loaded.
    picture.removeAttribute('src');
    delete picture.dataset.address;
    return;
  }
  cell.classList.remove('missing');
  picture.dataset.address = address;
  picture.src = address;
}
