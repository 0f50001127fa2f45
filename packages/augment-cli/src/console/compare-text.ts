import type { RatedModel } from '../stages/rate-model.js';
import { formatDuration, formatTable } from './format.js';

/** A comparison as a table, best kernel distance first. */
export function compareText(rated: readonly RatedModel[]): string {
  const floor = rated.find((one) => one.floor !== null)?.floor;
  const table = formatTable([
    ['model', 'trained', 'KID', 'density', 'coverage', 'diversity', 'JS estimate'],
    ...byQuality(rated).map(({ model, seconds, figures }) => [
      model,
      formatDuration(seconds),
      ...figureCells(figures),
    ]),
  ]);
  const failures = rated.filter(({ failure }) => failure !== null);
  return [
    table,
    ...(floor === undefined || floor === null
      ? []
      : [
          '',
          `Real train images have a KID of ${formatFigure(floor)} to the same held-out images.`,
        ]),
    ...failures.map(({ model, failure }) => `${model} gave up: ${failure ?? ''}`),
  ].join('\n');
}

/** Models by kernel distance; those without come last. */
export function byQuality(rated: readonly RatedModel[]): RatedModel[] {
  const distance = ({ figures }: RatedModel) => figures?.kernelDistance?.value ?? Infinity;
  return rated.toSorted((a, b) => distance(a) - distance(b) || 0);
}

/** KID, density, coverage, diversity and the Jensen-Shannon estimate; a dash where there is none. */
export function figureCells(figures: RatedModel['figures']): string[] {
  return [
    formatFigure(figures?.kernelDistance?.value),
    formatFigure(figures?.densityCoverage?.density),
    formatFigure(figures?.densityCoverage?.coverage),
    formatFigure(figures?.diversity),
    formatFigure(figures?.jensenShannon),
  ];
}

function formatFigure(value: number | null | undefined): string {
  return value === null || value === undefined ? '-' : value.toPrecision(3);
}
