import * as Plot from '@observablehq/plot';
import type { StatsEntry } from '../run/stats-log.js';
import { chartColours } from './chart-colours.js';
import { html, type Html } from './html.js';
import { lossPoints } from './loss-points.js';
import { plotSvg } from './plot-svg.js';
import { trainingFrame } from './training-frame.js';

/** Kinds of lines by which losses differ besides their colour. */
const LINES = [
  { name: 'solid', dashes: '' },
  { name: 'dashed', dashes: '5,3' },
  { name: 'dotted', dashes: '1.5,3' },
  { name: 'dash-dotted', dashes: '9,3,2,3' },
];

/** The losses, smoothed, each with its own kind of line. */
export function lossChart(entries: readonly StatsEntry[]): Html {
  const lines = lossPoints(entries);
  if (lines.length === 0) return html``;
  const kinds = lines.map(({ name }, i) => `${name}: ${LINES[i % LINES.length]?.name ?? ''} line`);
  const colours = [
    chartColours.rejected,
    chartColours.accepted,
    chartColours.real,
    chartColours.ink,
  ];
  return html`<figure>
    <h3>Losses</h3>
    ${plotSvg(
      `Losses over training: ${lines.map(({ name, points }) => `${name} from ${points[0]?.value.toPrecision(3) ?? '?'} to ${points.at(-1)?.value.toPrecision(3) ?? '?'}`).join('; ')}`,
      {
        ...trainingFrame,
        y: { label: null, ticks: 4, grid: true },
        marks: lines.flatMap(({ points: own }, i) => [
          Plot.lineY(own, {
            x: 'step',
            y: 'value',
            z: 'rollbacks',
            stroke: colours[i % colours.length] ?? chartColours.ink,
            strokeDasharray: LINES[i % LINES.length]?.dashes ?? '',
            strokeWidth: 1.5,
          }),
        ]),
      },
    )}
    <figcaption>
      ${kinds.join(', ')}. Means over a few steps. Losses of two players do not fall: they are well
      when they stay level.
    </figcaption>
  </figure>`;
}
