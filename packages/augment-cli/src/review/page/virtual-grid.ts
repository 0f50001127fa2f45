import { element } from './element.js';

/** Rows kept above and below what is seen. */
const OVERSCAN = 2;
/** Images are loaded this long after a fast scroll has come to rest. */
const REST_MS = 80;

/** Fills the cell of an image; without its picture while it flies past. */
export type FillCell = (cell: HTMLElement, image: number, withPicture: boolean) => void;

/** A grid of which only the cells in view are in the document. */
export interface VirtualGrid {
  /** Images a row. */
  readonly columns: number;
  /** Rows that are seen at once, 1 or more. */
  readonly rowsInView: number;
  /** Shows other images, from the top unless `place` is given. */
  show(images: readonly number[]): void;
  /** Scrolls as little as it takes to see a place in the list. */
  reveal(place: number): void;
  /** Fills all cells in view anew. */
  refresh(): void;
}

/**
 * Opens a virtual grid.
 *
 * @param tile side of a cell in CSS pixels, at least
 */
export function openVirtualGrid(
  grid: HTMLElement,
  space: HTMLElement,
  tile: number,
  makeCell: () => HTMLElement,
  fillCell: FillCell,
): VirtualGrid {
  let images: readonly number[] = [];
  let columns = 1;
  let side = tile;
  let lastTop = 0;
  let isScheduled = false;
  let restTimer = 0;
  /** Elements of rows in view, by the row's number. */
  const rows = new Map<number, HTMLElement>();
  const spare: HTMLElement[] = [];

  function layout(): void {
    const width = grid.clientWidth;
    columns = Math.max(1, Math.floor(width / tile));
    side = Math.floor(width / columns);
    const count = Math.ceil(images.length / columns);
    space.style.height = `${count * side}px`;
    grid.style.setProperty('--tile', `${side}px`);
    grid.setAttribute('aria-rowcount', String(count));
    grid.setAttribute('aria-colcount', String(columns));
  }

  function render(withPictures: boolean, isAnew: boolean): void {
    const { scrollTop, clientHeight } = grid;
    const count = Math.ceil(images.length / columns);
    const first = Math.max(0, Math.floor(scrollTop / side) - OVERSCAN);
    const last = Math.min(count - 1, Math.floor((scrollTop + clientHeight) / side) + OVERSCAN);
    for (const [number, row] of rows) {
      if (number >= first && number <= last) continue;
      rows.delete(number);
      spare.push(row);
      row.remove();
    }
    for (let number = first; number <= last; number++) {
      const known = rows.get(number);
      if (known && !isAnew) continue;
      const row = known ?? spare.pop() ?? element('div', { role: 'row', className: 'row' });
      rows.set(number, row);
      fillRow(row, number, withPictures);
    }
  }

  function fillRow(row: HTMLElement, number: number, withPictures: boolean): void {
    if (!row.isConnected) space.append(row);
    row.style.transform = `translateY(${number * side}px)`;
    row.setAttribute('aria-rowindex', String(number + 1));
    const wanted = Math.min(columns, images.length - number * columns);
    while (row.children.length > wanted) row.lastElementChild?.remove();
    while (row.children.length < wanted) row.append(makeCell());
    for (let column = 0; column < wanted; column++) {
      const cell = row.children[column] as HTMLElement;
      cell.setAttribute('aria-colindex', String(column + 1));
      fillCell(cell, images[number * columns + column] ?? 0, withPictures);
    }
  }

  function onScroll(): void {
    if (isScheduled) return;
    isScheduled = true;
    requestAnimationFrame(() => {
      isScheduled = false;
      const isFast = Math.abs(grid.scrollTop - lastTop) > grid.clientHeight;
      lastTop = grid.scrollTop;
      render(!isFast, false);
      window.clearTimeout(restTimer);
      restTimer = window.setTimeout(() => {
        render(true, true);
      }, REST_MS);
    });
  }

  grid.addEventListener('scroll', onScroll, { passive: true });
  new ResizeObserver(() => {
    // What was at the top stays there.
    const place = Math.floor(grid.scrollTop / side) * columns;
    layout();
    grid.scrollTop = Math.floor(place / columns) * side;
    render(true, true);
  }).observe(grid);

  return {
    get columns() {
      return columns;
    },
    get rowsInView() {
      return Math.max(1, Math.floor(grid.clientHeight / side));
    },
    show(shown) {
      images = shown;
      layout();
      grid.scrollTop = 0;
      render(true, true);
    },
    reveal(place) {
      const top = Math.floor(place / columns) * side;
      if (top < grid.scrollTop) grid.scrollTop = top;
      else if (top + side > grid.scrollTop + grid.clientHeight) {
        grid.scrollTop = top + side - grid.clientHeight;
      }
      render(true, false);
    },
    refresh() {
      render(true, true);
    },
  };
}
