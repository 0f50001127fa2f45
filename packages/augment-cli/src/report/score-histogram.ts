import * as Plot from '@observablehq/plot';
import type { Html } from './html.js';
import { plotSvg } from './plot-svg.js';

/** One candidate's score and whether it was kept. */
export interface ScorePoint {
  readonly score: number;
  readonly outcome: 'accepted' | 'rejected';
}

/** Twenty bins of scores, by outcome. */
const bins: Plot.BinXInputs<Plot.RectYOptions> = {
  x: 'score',
  fill: 'outcome',
  thresholds: Array.from({ length: 19 }, (_, i) => (i + 1) / 20),
};

/** A histogram of scores in [0, 1] as one SVG element, accepted and rejected stacked. */
export function scoreHistogram(points: readonly ScorePoint[], minScore: number): Html {
  return plotSvg('Histogram of the scores of accepted and rejected candidates', {
    width: 460,
    height: 150,
    marginLeft: 44,
    x: { domain: [0, 1], label: 'score' },
    y: { label: 'candidates', grid: true },
    color: { domain: ['accepted', 'rejected'], range: ['#2f7d5b', '#c98a7a'] },
    marks: [
      Plot.rectY(points, Plot.binX({ y: 'count' }, bins)),
      Plot.ruleX([minScore], { strokeDasharray: '3,3' }),
      Plot.ruleY([0]),
    ],
  });
}
