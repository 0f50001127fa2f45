import * as Plot from '@observablehq/plot';
import { byQuality, figureCells, realDistance } from '../console/compare-text.js';
import { formatDuration } from '../console/format.js';
import type { RatedModel } from '../stages/rate-model.js';
import { chartColours } from './chart-colours.js';
import { html, type Html } from './html.js';
import { page, picture } from './page.js';
import { plotSvg } from './plot-svg.js';

/** A comparison of models as one self-contained page. */
export function comparePage(rated: readonly RatedModel[], budget: string): string {
  const ranked = byQuality(rated);
  return page(
    'evenset comparison',
    html`<header>
        <h1>Models compared</h1>
        <p>
          Each was trained for ${budget} on the same train images and measured on held-out images of
          all classes together. Lower is better for KID and the Jensen-Shannon estimate; density and
          coverage are good near 1.
        </p>
      </header>
      <section class="wide">${figureTable(ranked)}</section>
      <section>
        <h2>Kernel distance (KID)</h2>
        ${distanceChart(ranked)}
        <h2>Over the time of training</h2>
        ${curveChart(ranked)}
      </section>
      ${ranked.map(modelSection)}`,
  );
}

function figureTable(rated: readonly RatedModel[]): Html {
  const heads = ['model', 'trained', 'KID', 'density', 'coverage', 'diversity', 'JS estimate'];
  return html`<table>
    <thead>
      <tr>
        ${heads.map((head) => html`<th>${head}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rated.map(
        ({ model, seconds, figures }) =>
          html`<tr>
            <th>${model}</th>
            <td>${formatDuration(seconds)}</td>
            ${figureCells(figures).map((cell) => html`<td>${cell}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** Bars with bootstrap intervals, and the floor that real images set. */
function distanceChart(rated: readonly RatedModel[]): Html {
  const bars = rated.flatMap(({ model, figures }) => {
    if (!figures?.kernelDistance) return [];
    const { estimate, low, high } = figures.kernelDistance;
    return [{ model, estimate, low, high }];
  });
  const floor = realDistance(rated);
  return plotSvg('Kernel distance of each model with its bootstrap interval', {
    width: 560,
    height: 60 + 34 * bars.length,
    marginLeft: 110,
    x: { label: 'KID (the dashed line: real train images)', grid: true },
    y: { label: null, domain: bars.map(({ model }) => model) },
    marks: [
      Plot.barX(bars, { x: 'estimate', y: 'model', fill: chartColours.accepted }),
      Plot.ruleY(bars, {
        x1: 'low',
        x2: 'high',
        y: 'model',
        stroke: chartColours.ink,
        strokeWidth: 2,
      }),
      Plot.ruleX(floor === undefined ? [] : [floor], { strokeDasharray: '3,3' }),
      Plot.ruleX([0]),
    ],
  });
}

function curveChart(rated: readonly RatedModel[]): Html {
  const points = rated.flatMap(({ model, curve }) => curve.map((point) => ({ ...point, model })));
  return plotSvg('Kernel distance of each model over the time of training', {
    width: 560,
    height: 260,
    marginLeft: 60,
    marginRight: 90,
    x: { label: 'seconds of training' },
    y: { label: 'KID to select images', grid: true },
    marks: [
      Plot.lineY(points, { x: 'seconds', y: 'kernelDistance', stroke: 'model', marker: true }),
      Plot.text(
        points,
        Plot.selectLast({
          x: 'seconds',
          y: 'kernelDistance',
          z: 'model',
          text: 'model',
          textAnchor: 'start',
          dx: 6,
        }),
      ),
    ],
  });
}

function modelSection({ model, sheet, failure, steps }: RatedModel): Html {
  return html`<section>
    <h2>${model}</h2>
    ${
      sheet
        ? html`<p>${steps} steps.</p>
            <p class="models">${picture(sheet, `Images of ${model}, a row for each class`)}</p>`
        : html`<p class="empty">Gave up: ${failure ?? ''}</p>`
    }
  </section>`;
}
