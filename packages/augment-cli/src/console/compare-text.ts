import type { RatedModel } from '../stages/rate-model.js';
import { formatDuration, formatTable } from './format.js';

/** A comparison as a table, best kernel distance first. */
export function compareText(rated: readonly RatedModel[]): string {
  const floor = realDistance(rated);
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
    ...(floor === undefined
      ? []
      : [
          '',
          `Real train images have a KID of ${formatFigure(floor)} to the same held-out images.`,
        ]),
    ...failures.map(({ model, failure }) => `${model} gave up: ${failure ?? ''}`),
  ].join('\n');
}

/** Kernel distance of train to held-out images: what generated ones cannot be asked to beat. */
export function realDistance(rated: readonly RatedModel[]): number | undefined {
  return rated.find(({ figures }) => figures?.kernelDistance)?.figures?.kernelDistance?.floor
    .estimate;
}

/** Models by kernel distance; those without come last. */
export function byQuality(rated: readonly RatedModel[]): RatedModel[] {
  const distance = ({ figures }: RatedModel) => figures?.kernelDistance?.estimate ?? Infinity;
  return rated.toSorted((a, b) => distance(a) - distance(b) || 0);
}

/** KID, density, coverage, diversity and the Jensen-Shannon estimate; a dash where there is none. */
export function figureCells(figures: RatedModel['figures']): string[] {
  return [
    formatFigure(figures?.kernelDistance?.estimate),
    formatFigure(figures?.density?.estimate),
    formatFigure(figures?.coverage?.estimate),
    formatFigure(figures?.diversityRatio),
    formatFigure(figures?.jensenShannon),
  ];
}

function formatFigure(value: number | null | undefined): string {
  return value === null || value === undefined ? '-' : value.toPrecision(3);
}
