import * as Plot from '@observablehq/plot';
import type { PastLook } from '../stages/past-looks.js';
import { chartColours } from './chart-colours.js';
import { html, type Html } from './html.js';
import { plotSvg } from './plot-svg.js';
import { trainingFrame } from './training-frame.js';

/** Ratio of values beyond which their axis is logarithmic. */
const WIDE_RANGE = 20;

/** One measure over the steps, the chosen checkpoint marked. */
export function lookChart(
  {
    title,
    measure,
    note,
    reference,
  }: {
    readonly title: string;
    readonly measure: 'kernelDistance' | 'jensenShannon';
    readonly note: string;
    readonly reference?: number;
  },
  looks: readonly PastLook[],
  chosen: PastLook | undefined,
): Html {
  const points = looks.flatMap((look) => {
    const value = look[measure];
    return value === undefined ? [] : [{ step: look.step, value }];
  });
  if (points.length === 0) return html``;
  const marked = points.filter(({ step }) => step === chosen?.step);
  const told = points.map(({ step, value }) => `step ${step} ${value.toPrecision(3)}`);
  return html`<figure>
    <h3>${title}</h3>
    ${plotSvg(
      `${title} over training: ${told.join('; ')}; chosen: step ${chosen?.step ?? 'none'}`,
      {
        ...trainingFrame,
        y: { label: null, ticks: 4, grid: true, nice: true, ...scaleOf(points) },
        marks: [
          Plot.ruleY(reference === undefined ? [] : [reference], { stroke: chartColours.muted }),
          Plot.lineY(points, {
            x: 'step',
            y: 'value',
            stroke: chartColours.accepted,
            strokeWidth: 2,
          }),
          Plot.dot(points, { x: 'step', y: 'value', fill: chartColours.accepted, r: 2.5 }),
          Plot.dot(marked, {
            x: 'step',
            y: 'value',
            stroke: chartColours.ink,
            r: 6,
            strokeWidth: 2,
          }),
          Plot.text(marked, {
            x: 'step',
            y: 'value',
            text: () => 'chosen',
            dy: -14,
            fill: 'currentColor',
            stroke: 'var(--paper)',
            strokeWidth: 4,
          }),
        ],
      },
    )}
    <figcaption>${note}</figcaption>
  </figure>`;
}

/** Logarithmic where the first looks would flatten all others. */
function scaleOf(points: readonly { readonly value: number }[]): Plot.ScaleOptions {
  const values = points.map(({ value }) => value);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least > 0 && most / least > WIDE_RANGE
    ? { type: 'log', tickFormat: (value: number) => String(value) }
    : { zero: true };
}
