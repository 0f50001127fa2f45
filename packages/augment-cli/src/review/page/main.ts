import type { Action, Decision, ReviewState } from '../protocol.js';
import { fillCell, makeCell } from './cell.js';
import { describe } from './describe.js';
import { showDetails } from './details.js';
import { byId, elementOf } from './element.js';
import { fillClasses, readFilter } from './filter-form.js';
import { commandOf, type KeyCommand } from './keys.js';
import { openSaver, type SaverStatus } from './open-saver.js';
import { openShownImages } from './shown-images.js';
import { showStatus } from './show-status.js';
import { openVirtualGrid } from './virtual-grid.js';

/** Sides of a tile in CSS pixels, on a phone and elsewhere. */
const [SMALL_TILE, TILE] = [80, 108];

const state = await loadState();
const shown = openShownImages(state);
let undoable = state.undoable;
let status: SaverStatus = {
  waiting: 0,
  error: null,
  manifestError: null,
  isManifestBehind: false,
};
/** Whether the place of what is undone is to be chosen: not when the person has gone on since. */
let isUndoFollowed = false;

const gridElement = byId('grid');
const isSmall = window.matchMedia('(max-width: 40rem)').matches;
const grid = openVirtualGrid(
  gridElement,
  byId('space'),
  isSmall ? SMALL_TILE : TILE,
  makeCell,
  (cell, image, withPicture) => {
    fillCell(cell, image, shown, withPicture);
  },
);

const saver = openSaver(
  state.version,
  (reply, waiting) => {
    shown.change(reply.changes, waiting);
    ({ undoable } = reply);
    const undone = reply.changes.at(-1);
    if (isUndoFollowed && undone && waiting.length === 0) {
      const place = shown.list.findIndex((image) => state.rows[image] === undone[0]);
      if (place >= 0) choose(place);
      announce('Undone');
    }
    refresh();
  },
  (now) => {
    status = now;
    showStatus(now);
    showUndo();
  },
);

const form = elementOf('filter', HTMLFormElement);
fillClasses(form, state.classes, state.labels);
byId('run').textContent = state.run;
document.title = `Review ${state.run}`;
if (isSmall) elementOf('filters', HTMLDetailsElement).open = false;
applyFilter();
showStatus(status);
listen();
gridElement.focus();

async function loadState(): Promise<ReviewState> {
  const response = await fetch('state');
  if (response.ok) return (await response.json()) as ReviewState;
  byId('problem').hidden = false;
  byId('problem-text').textContent =
    'The images could not be listed; end augment review, start it again and open the new address.';
  throw new Error(`state: ${response.status}`);
}

function applyFilter(): void {
  shown.filter(readFilter(form));
  grid.show(shown.list);
  byId('empty').hidden = shown.list.length > 0;
  byId('renew').hidden = true;
  refresh();
}

/** Shows what has changed. */
function refresh(): void {
  const { accepted, rejected, undecided } = shown.counts();
  byId('progress').textContent =
    `${count(accepted)} accepted, ${count(rejected)} rejected, ${count(undecided)} undecided`;
  byId('shown').textContent = `${count(shown.list.length)} of ${count(state.rows.length)} shown`;
  for (const id of ['accept-shown', 'reject-shown']) {
    elementOf(id, HTMLButtonElement).disabled = shown.list.length === 0;
  }
  const { chosen } = shown;
  if (chosen === undefined) gridElement.removeAttribute('aria-activedescendant');
  else gridElement.setAttribute('aria-activedescendant', `image-${chosen}`);
  grid.refresh();
  showDetails(shown);
  showUndo();
}

function showUndo(): void {
  elementOf('undo', HTMLButtonElement).disabled = undoable === 0 && status.waiting === 0;
}

function choose(place: number): void {
  if (shown.list.length === 0) return;
  isUndoFollowed = false;
  shown.choose(place);
  grid.reveal(shown.place);
  refresh();
}

function act(action: Action): void {
  shown.change([], [action]);
  saver.add(action);
  byId('renew').hidden = readFilter(form).review === 'all';
}

/** Decides on the chosen image and goes on to the next. */
function decide(review: Decision): void {
  const { chosen, place } = shown;
  if (chosen === undefined) return;
  if (shown.reviews[chosen] !== review) act({ rows: [state.rows[chosen] ?? 0], review });
  announce(describe(shown, chosen));
  choose(review === null ? place : place + 1);
}

function decideAll(review: Decision): void {
  const images = shown.list.filter((image) => shown.reviews[image] !== review);
  if (images.length > 0) act({ rows: images.map((image) => state.rows[image] ?? 0), review });
  announce(`${images.length} images ${review ?? 'cleared'}`);
  refresh();
}

function undo(): void {
  if (undoable === 0 && status.waiting === 0) return;
  act({ undo: true });
  isUndoFollowed = true;
}

/** A number with its thousands parted. */
function count(number: number): string {
  return number.toLocaleString('en');
}

function announce(text: string): void {
  byId('announcement').textContent = text;
}

function obey(command: KeyCommand): void {
  const { place, list } = shown;
  const { columns, rowsInView } = grid;
  const work: Readonly<Record<KeyCommand, () => void>> = {
    accept: () => {
      decide('accepted');
    },
    reject: () => {
      decide('rejected');
    },
    clear: () => {
      decide(null);
    },
    undo,
    help: () => {
      elementOf('help', HTMLDialogElement).showModal();
    },
    nextUndecided: () => {
      choose(shown.nextUndecided() ?? place);
    },
    left: () => {
      choose(place - 1);
    },
    right: () => {
      choose(place + 1);
    },
    up: () => {
      if (place >= columns) choose(place - columns);
    },
    down: () => {
      if (place + columns < list.length) choose(place + columns);
    },
    pageUp: () => {
      choose(place - columns * rowsInView);
    },
    pageDown: () => {
      choose(place + columns * rowsInView);
    },
    first: () => {
      choose(0);
    },
    last: () => {
      choose(list.length - 1);
    },
  };
  work[command]();
}

function listen(): void {
  document.addEventListener('keydown', (event) => {
    const command = commandOf(event);
    if (!command) return;
    event.preventDefault();
    obey(command);
  });
  gridElement.addEventListener('click', ({ target }) => {
    if (!(target instanceof HTMLElement)) return;
    const cell = target.closest<HTMLElement>('.cell');
    if (!cell) return;
    choose(shown.list.indexOf(Number(cell.dataset.image)));
    const quick = target.dataset.quick;
    if (quick !== undefined) decide(quick === 'accept' ? 'accepted' : 'rejected');
  });
  const onClick = (id: string, work: () => void) => {
    byId(id).addEventListener('click', work);
  };
  onClick('accept', () => {
    decide('accepted');
  });
  onClick('reject', () => {
    decide('rejected');
  });
  onClick('clear', () => {
    decide(null);
  });
  onClick('undo', undo);
  onClick('accept-shown', () => {
    decideAll('accepted');
  });
  onClick('reject-shown', () => {
    decideAll('rejected');
  });
  onClick('renew', applyFilter);
  onClick('retry', () => {
    saver.sync();
  });
  onClick('help-open', () => {
    obey('help');
  });
  form.addEventListener('input', applyFilter);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
  });
  form.addEventListener('reset', () => {
    // The fields have their first values only after this event.
    window.setTimeout(applyFilter);
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') saver.sync();
  });
  window.addEventListener('beforeunload', (event) => {
    if (status.waiting > 0) event.preventDefault();
  });
}
