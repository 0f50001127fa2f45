import type { SetQuality } from '../run/set-quality.js';
import type { Evaluation } from '../stages/evaluate-images.js';
import { MIN_KERNEL, MIN_MEAN, MIN_NEIGHBOURS } from '../stages/measure-quality.js';
import { formatTable } from './format.js';
import { plainText } from './plain-text.js';

const TOO_FEW = 'too few';
/** Where a figure is not defined, however many images there are. */
const NONE = '-';

/** An evaluation as two tables, a row for each class and one for all, and what they need to be read. */
export function evaluationText(evaluation: Evaluation): string {
  const { classes, pooled, features, secondFeatures, reference } = evaluation;
  const sets = [
    ...classes.map(({ label, quality }) => [label, quality] as const),
    ...(classes.length > 1 ? [['all classes', pooled] as const] : []),
  ];
  const distances = formatTable([
    ['images measured', 'generated', 'held out', 'train', 'KID', '95 %', 'real KID', '95 %'],
    ...sets.map(([label, quality]) => [label, ...countCells(quality), ...distanceCells(quality)]),
  ]);
  const others = formatTable([
    [
      ...['', 'density', 'coverage', 'expected', 'precision', 'recall', 'diversity', 'Fréchet'],
      ...['C_T', 'AuthPct', 'held out'],
    ],
    ...sets.map(([label, quality]) => [label, ...otherCells(quality, reference)]),
  ]);
  return [
    distances,
    '',
    others,
    '',
    `Features: ${features}. Real KID and expected coverage: what real images come to.`,
    ...(secondFeatures === null ? [] : [agreementLine(sets, secondFeatures)]),
    ...(`${distances}${others}`.includes(TOO_FEW) ? [needs] : []),
  ].join('\n');
}

const needs = `${TOO_FEW}: too few images to tell. KID needs ${MIN_KERNEL} of each kind; diversity, C_T and AuthPct ${MIN_MEAN}; density, coverage, precision and recall ${MIN_NEIGHBOURS} generated and held-out ones; Fréchet ten of both for each principal component.`;

/** Where another feature space says otherwise of KID and its floor. */
function agreementLine(
  sets: readonly (readonly [string, SetQuality])[],
  secondFeatures: string,
): string {
  const otherwise = sets.filter(([, { agreement }]) => agreement === false).map(([label]) => label);
  const what = `Whether KID is above what real images come to, ${secondFeatures} says`;
  return plainText(
    otherwise.length === 0
      ? `${what} the same of each.`
      : `${what} otherwise of ${otherwise.join(', ')}: nothing is certain there.`,
  );
}

function countCells({ generated, heldOut, train }: SetQuality): number[] {
  return [generated, heldOut, train];
}

function distanceCells({ kernelDistance }: SetQuality): string[] {
  if (!kernelDistance) return [TOO_FEW, '', TOO_FEW, ''];
  return [kernelDistance, kernelDistance.floor].flatMap(({ estimate, low, high }) => [
    estimate.toFixed(4),
    `${low.toFixed(4)} to ${high.toFixed(4)}`,
  ]);
}

function otherCells(quality: SetQuality, reference: Evaluation['reference']): string[] {
  const { generated, train, diversityRatio, authenticity } = quality;
  const varies = diversityRatio !== null || Math.min(generated, train) < MIN_MEAN;
  const copies = [quality.dataCopying, authenticity?.generated, authenticity?.heldOut];
  return [
    ...[quality.density, quality.coverage, quality.expectedCoverage].map(figureCell),
    ...[quality.precision, quality.recall].map(figureCell),
    varies ? figureCell(diversityRatio) : NONE,
    figureCell(quality.frechetDistance),
    ...copies.map((figure) => (reference === 'held-out' ? figureCell(figure) : NONE)),
  ];
}

function figureCell(figure: number | null | undefined): string {
  return figure?.toFixed(2) ?? TOO_FEW;
}
