import * as Plot from '@observablehq/plot';
import type { ClassResult } from '../run/run-record.js';
import { chartColours } from './chart-colours.js';
import { html, type Html } from './html.js';
import { plotSvg } from './plot-svg.js';

/** Bars and rows at most: beyond that, run.json has the rest. */
const MAX_BARS = 40;
const MAX_ROWS = 500;
const LABEL_LENGTH = 14;

const MADE_BEFORE = 'made before';

/** What a bar is made of. */
const kinds = [
  { key: 'real', text: 'real', colour: chartColours.real },
  { key: 'generated', text: MADE_BEFORE, colour: chartColours.earlier },
  { key: 'accepted', text: 'added by this run', colour: chartColours.accepted },
] as const;

const columns: readonly (readonly [head: string, valueOf: (one: ClassResult) => number])[] = [
  ['real', ({ real }) => real],
  [MADE_BEFORE, ({ generated }) => generated],
  ['target', ({ target }) => target],
  ['missing', ({ missing, refused }) => missing + refused],
  ['candidates', ({ attempts }) => attempts],
  ['accepted', ({ accepted }) => accepted],
];

/** What every class had and has now, as bars and as numbers. */
export function countSection(classes: readonly ClassResult[]): Html {
  if (classes.length === 0) return html``;
  const used = kinds.filter(({ key }) => classes.some((one) => one[key] > 0));
  return html`<section aria-labelledby="counts">
    <h2 id="counts">Images per class, before and after</h2>
    <div class="columns counts">
      <figure>
        ${legend(used)} ${countBars(classes.slice(0, MAX_BARS))}
        ${rest(classes.length, MAX_BARS, 'bars')}
      </figure>
      <div class="wide">
        ${countTable(classes.slice(0, MAX_ROWS))} ${rest(classes.length, MAX_ROWS, 'rows')}
      </div>
    </div>
  </section>`;
}

function legend(used: readonly (typeof kinds)[number][]): Html {
  return html`<figcaption class="legend">
    ${used.map(({ key, text }) => html`<span><i class="${key}"></i>${text}</span> `)}
    <span><i class="target"></i>target</span>
  </figcaption>`;
}

function countBars(classes: readonly ClassResult[]): Html {
  const names = classes.map(({ label }, i) => `${i} ${shortened(label)}`);
  const bars = classes.flatMap((one, i) =>
    kinds.map(({ key, colour }) => ({ name: names[i], count: one[key], colour })),
  );
  const ends = classes.map((one, i) => {
    const after = one.real + one.generated + one.accepted;
    const before = one.real + one.generated;
    const text = after === before ? count(before) : `${count(before)} → ${count(after)}`;
    return { name: names[i], after, target: one.target, text };
  });
  const largest = Math.max(1, ...ends.map(({ after, target }) => Math.max(after, target)));
  return plotSvg(
    `Images per class before and after: ${ends.map(({ text }, i) => `${shortened(classes[i]?.label ?? '')} ${text}`).join('; ')}`,
    {
      width: 400,
      height: 40 + 26 * classes.length,
      marginLeft: 104,
      marginRight: 82,
      marginTop: 6,
      x: { label: 'train images', ticks: 4, domain: [0, largest], labelAnchor: 'right' },
      y: {
        label: null,
        domain: names,
        tickSize: 0,
        tickFormat: (name: string) => name.slice(name.indexOf(' ') + 1),
      },
      marks: [
        Plot.barX(
          bars,
          Plot.stackX({ x: 'count', y: 'name', fill: 'colour', insetTop: 2, insetBottom: 2 }),
        ),
        Plot.tickX(ends, { x: 'target', y: 'name', stroke: chartColours.ink, strokeWidth: 2 }),
        Plot.text(ends, {
          x: (end: { after: number; target: number }) => Math.max(end.after, end.target),
          y: 'name',
          text: 'text',
          textAnchor: 'start',
          dx: 6,
          fill: 'currentColor',
        }),
      ],
    },
  );
}

function countTable(classes: readonly ClassResult[]): Html {
  const used = columns.filter(
    ([head, valueOf]) => head !== MADE_BEFORE || classes.some((one) => valueOf(one) > 0),
  );
  return html`<table class="figures">
    <thead>
      <tr>
        <th scope="col">class</th>
        ${used.map(([head]) => html`<th scope="col">${head}</th>`)}
        <th scope="col" class="needs-script" hidden>kept now</th>
      </tr>
    </thead>
    <tbody>
      ${classes.map(
        (one, i) =>
          html`<tr>
            <th scope="row"><bdi>${one.label}</bdi></th>
            ${used.map(([, valueOf]) => html`<td>${count(valueOf(one))}</td>`)}
            <td class="needs-script" hidden data-kept-cell="${i}"></td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function rest(all: number, shown: number, what: string): Html {
  if (all <= shown) return html``;
  return html`<p class="quiet">
    The first ${shown} of ${count(all)} classes; run.json has all ${what}.
  </p>`;
}

/** A label short enough for an axis, cut between characters. */
function shortened(label: string): string {
  const characters = Array.from(label);
  return characters.length <= LABEL_LENGTH
    ? label
    : `${characters.slice(0, LABEL_LENGTH - 1).join('')}…`;
}

function count(value: number): string {
  return value.toLocaleString('en');
}
