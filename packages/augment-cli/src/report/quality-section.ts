import * as Plot from '@observablehq/plot';
import type { ClassResult } from '../run/run-record.js';
import type { Measured, SetQuality } from '../run/set-quality.js';
import { chartColours } from './chart-colours.js';
import { html, type Html } from './html.js';
import { plotSvg } from './plot-svg.js';
import { tooFewImages } from './too-few-images.js';

/** What was measured of a class's accepted images, each figure beside what real images reach. */
export function qualityFigures({ quality }: ClassResult): Html {
  if (!quality) return html`<p class="empty">It was not measured.</p>`;
  const rows = [
    ['Discriminator AUC', shown(quality.auc), '0.50'],
    ['Density', measured(quality.density), 'about 1'],
    ['Coverage', measured(quality.coverage), shown(quality.expectedCoverage)],
    ['Precision', measured(quality.precision), '-'],
    ['Recall', measured(quality.recall), '-'],
    ['Diversity ratio', shown(quality.diversityRatio), '1.00'],
    ['Fréchet distance', shown(quality.frechetDistance), '0'],
    ['Copying, C_T', shown(quality.dataCopying), 'above -3'],
    [
      'Authentic share',
      shown(quality.authenticity?.generated),
      shown(quality.authenticity?.heldOut),
    ],
  ].filter(([, value]) => value !== '-');
  return html`${distanceChart(quality)}
    <div class="wide">
      <table class="figures">
        <thead>
          <tr>
            <th scope="col">measured on ${quality.heldOut} held-out images</th>
            <th scope="col">generated</th>
            <th scope="col">where nothing differs</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ([name = '', value = '', reference = '']) =>
              html`<tr>
                <th scope="row">${name}</th>
                <td>${value}</td>
                <td>${reference}</td>
              </tr>`,
          )}
        </tbody>
      </table>
      ${agreementLine(quality)}
    </div>`;
}

function distanceChart(quality: SetQuality): Html {
  const { kernelDistance } = quality;
  if (!kernelDistance) {
    return html`<p class="empty">
      Kernel distance: too few images to tell, ${tooFewImages(quality)}.
    </p>`;
  }
  const rows = [
    { name: 'generated', colour: chartColours.accepted, ...kernelDistance },
    { name: 'real', colour: chartColours.real, ...kernelDistance.floor },
  ];
  const told = rows.map(
    ({ name, estimate, low, high }) =>
      `${name} ${figure(estimate)} (${figure(low)} to ${figure(high)})`,
  );
  return html`<figure>
    ${plotSvg(`Kernel distance to held-out real images, with 95 % intervals: ${told.join('; ')}`, {
      width: 340,
      height: 92,
      marginLeft: 66,
      marginRight: 12,
      marginTop: 6,
      x: { label: 'kernel distance (KID), 95 % interval', ticks: 5, grid: true },
      y: { label: null, domain: rows.map(({ name }) => name), tickSize: 0 },
      marks: [
        Plot.ruleX([0], { stroke: chartColours.muted }),
        Plot.ruleY(rows, { x1: 'low', x2: 'high', y: 'name', stroke: 'colour', strokeWidth: 3 }),
        Plot.dot(rows, { x: 'estimate', y: 'name', fill: 'colour', r: 5 }),
      ],
    })}
    <figcaption>
      Generated images to held-out real ones: ${told[0] ?? ''}. The floor, real train images to the
      same: ${told[1] ?? ''}.
    </figcaption>
  </figure>`;
}

function agreementLine({ agreement }: SetQuality): Html {
  if (agreement === null) return html``;
  return html`<p class="quiet">
    ${agreement ? 'A second feature space agrees.' : 'A second feature space disagrees: rely on neither.'}
  </p>`;
}

function figure(value: number): string {
  return value.toFixed(Math.abs(value) < 10 ? 3 : 1);
}

function shown(value: number | null | undefined): string {
  return value === null || value === undefined ? '-' : value.toFixed(2);
}

function measured(value: Measured | null): string {
  return value ? `${shown(value.estimate)} (${shown(value.low)} to ${shown(value.high)})` : '-';
}
