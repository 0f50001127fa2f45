import * as Plot from '@observablehq/plot';
import { quantile } from '@evenset/quality-eval';
import { chartColours } from './chart-colours.js';
import type { Html } from './html.js';
import { plotSvg } from './plot-svg.js';

/** One kind of image and the values of its images; those that are not known are left out. */
export interface ValueGroup {
  readonly name: string;
  readonly colour: string;
  readonly values: readonly number[];
}

const BINS = 25;
const ROW_HEIGHT = 54;

/** Each group's values in even bins, a row for each group, and a line at a threshold that the page can move. */
export function figureHistogram(
  axis: 'score' | 'novelty',
  groups: readonly ValueGroup[],
  {
    largest,
    threshold,
    fixed,
  }: {
    readonly largest: number;
    /** Where the movable line stands at first. */
    readonly threshold: number;
    /** A value that a second line marks for good. */
    readonly fixed?: number;
  },
): Html {
  const known = groups
    .map((group) => ({ ...group, values: group.values.filter(Number.isFinite) }))
    .filter(({ values }) => values.length > 0);
  const name = ({ name, values }: ValueGroup) => `${name} (${values.length.toLocaleString('en')})`;
  const bars = known.flatMap((group) =>
    barsOf(group, largest).map((bar) => ({ ...bar, row: name(group), colour: group.colour })),
  );
  const medians = known.map(
    (group) => `${name(group)}: median ${quantile(group.values, 0.5).toFixed(2)}`,
  );
  return plotSvg(
    `Histogram of the ${axis}. ${medians.join('; ')}. The threshold is ${threshold}.`,
    {
      width: 400,
      height: 34 + ROW_HEIGHT * known.length,
      marginLeft: 8,
      marginRight: 8,
      marginTop: 4,
      marginBottom: 30,
      x: { domain: [0, largest], label: axis, labelAnchor: 'right', ticks: 5 },
      y: { axis: null },
      fy: { axis: null, domain: known.map(name), padding: 0.12 },
      marks: [
        Plot.rectY(bars, {
          x1: 'x1',
          x2: 'x2',
          y: 'height',
          fy: 'row',
          fill: 'colour',
          insetLeft: 0.5,
          insetRight: 0.5,
        }),
        Plot.ruleY([0], { stroke: chartColours.muted }),
        Plot.ruleX(fixed === undefined ? [] : [fixed], { stroke: chartColours.muted }),
        Plot.ruleX([Math.min(threshold, largest)], {
          className: 'cut',
          stroke: chartColours.ink,
          strokeDasharray: '4,3',
          strokeWidth: 1.5,
        }),
        Plot.text(known, {
          fy: name,
          text: name,
          frameAnchor: 'top-right',
          dy: 1,
          fill: 'currentColor',
          stroke: 'var(--paper)',
          strokeWidth: 4,
          fontSize: 11,
        }),
      ],
    },
    axis,
  );
}

/** Occupied bins beside the fullest one; what lies beyond the largest value counts in the last. */
function barsOf({ values }: ValueGroup, largest: number) {
  const counts = new Uint32Array(BINS);
  for (const value of values) {
    const bin = Math.max(0, Math.min(BINS - 1, Math.floor((value / largest) * BINS) || 0));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const fullest = Math.max(...counts);
  return [...counts.entries()]
    .filter(([, count]) => count > 0)
    .map(([bin, count]) => ({
      x1: (bin * largest) / BINS,
      x2: ((bin + 1) * largest) / BINS,
      height: count / fullest,
    }));
}
