import type { Measured, SetQuality } from '../run/set-quality.js';
import type { Evaluation } from '../stages/evaluate-images.js';
import { MIN_KERNEL, MIN_MEAN, MIN_NEIGHBOURS } from '../stages/measure-quality.js';
import { formatTable } from './format.js';
import { plainText } from './plain-text.js';

const TOO_FEW = 'too few';
/** Where a figure is not defined, however many images there are. */
const NONE = '-';

/** An evaluation as three tables, a row for each class and one for all, and what they need to be read. */
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
  const neighbours = formatTable([
    ['', 'density', 'coverage', 'expected', 'precision', 'recall'],
    ...sets.map(([label, quality]) => [label, ...neighbourCells(quality)]),
  ]);
  const others = formatTable([
    ['', 'diversity', 'Fréchet', 'C_T', 'AuthPct', 'held out'],
    ...sets.map(([label, quality]) => [label, ...otherCells(quality, reference)]),
  ]);
  return [
    distances,
    '',
    neighbours,
    '',
    others,
    '',
    `Features: ${features}. Real KID and expected coverage: what real images come to. Ranges: 95 % intervals.`,
    ...(secondFeatures === null ? [] : [agreementLine(sets, secondFeatures)]),
    ...(`${distances}${neighbours}${others}`.includes(TOO_FEW) ? [needs] : []),
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

function neighbourCells(quality: SetQuality): string[] {
  const { density, coverage, expectedCoverage, precision, recall } = quality;
  return [
    ...[density, coverage].map(measuredCell),
    figureCell(expectedCoverage),
    ...[precision, recall].map(measuredCell),
  ];
}

function otherCells(quality: SetQuality, reference: Evaluation['reference']): string[] {
  const { generated, train, diversityRatio, authenticity } = quality;
  const varies = diversityRatio !== null || Math.min(generated, train) < MIN_MEAN;
  const copies = [quality.dataCopying, authenticity?.generated, authenticity?.heldOut];
  return [
    varies ? figureCell(diversityRatio) : NONE,
    figureCell(quality.frechetDistance),
    ...copies.map((figure) => (reference === 'held-out' ? figureCell(figure) : NONE)),
  ];
}

function figureCell(figure: number | null | undefined): string {
  return figure?.toFixed(2) ?? TOO_FEW;
}

function measuredCell(measured: Measured | null): string {
  if (!measured) return TOO_FEW;
  const { estimate, low, high } = measured;
  return `${figureCell(estimate)} (${figureCell(low)} to ${figureCell(high)})`;
}
