import { Matrix, solve } from 'ml-matrix';

/** An image and how much it counts. */
export interface LogisticCase {
  readonly logit: number;
  readonly label: number;
  readonly isReal: boolean;
  readonly weight: number;
}

/** P(real) = sigmoid(slope * logit + intercept + offsets[label]). */
export interface Logistic {
  readonly slope: number;
  readonly intercept: number;
  readonly offsets: readonly number[];
}

/** Penalty of half the squared offsets, and a slight one of the standardised slope: separated logits have no best one. */
const OFFSET_PENALTY = 1;
const SLOPE_PENALTY = 1e-3;
/** Keeps the intercept's curvature above 0 where every probability is 0 or 1. */
const RIDGE = 1e-9;
const MAX_ROUNDS = 100;

/** 1 / (1 + e^-x). */
export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/**
 * A logistic regression on logits with an offset for each class: the likeliest parameters less the penalties, by
 * Newton's method on standardised logits, each step halved until it helps.
 *
 * @param cases at least 1 real and 1 generated
 */
export function fitLogistic(cases: readonly LogisticCase[], classCount: number): Logistic {
  const total = cases.reduce((sum, { weight }) => sum + weight, 0);
  const mean = cases.reduce((sum, { weight, logit }) => sum + weight * logit, 0) / total;
  const square = cases.reduce((sum, { weight, logit }) => sum + weight * (logit - mean) ** 2, 0);
  const scale = Math.sqrt(square / total) || 1;

  const standard = cases.map((one) => ({ ...one, logit: (one.logit - mean) / scale }));
  const penalties = [SLOPE_PENALTY, 0, ...new Array<number>(classCount).fill(OFFSET_PENALTY)];
  let parameters = new Array<number>(2 + classCount).fill(0);
  let loss = lossOf(standard, parameters, penalties);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const step = newtonStep(standard, parameters, penalties);
    const before = loss;
    for (let share = 1; share > 1e-6; share /= 2) {
      const tried = parameters.map((value, i) => value - share * (step[i] ?? 0));
      const next = lossOf(standard, tried, penalties);
      if (next >= loss) continue;
      [parameters, loss] = [tried, next];
      break;
    }
    if (before - loss <= 1e-12 * Math.abs(before)) break;
  }
  const [slope = 0, intercept = 0, ...offsets] = parameters;
  return { slope: slope / scale, intercept: intercept - (slope * mean) / scale, offsets };
}

function lossOf(cases: readonly LogisticCase[], parameters: number[], penalties: number[]): number {
  const penalty = parameters.reduce((sum, value, i) => sum + (penalties[i] ?? 0) * value ** 2, 0);
  return cases.reduce((sum, one) => {
    const margin = (one.isReal ? 1 : -1) * linear(one, parameters);
    return sum + one.weight * (Math.max(-margin, 0) + Math.log1p(Math.exp(-Math.abs(margin))));
  }, penalty / 2);
}

/** The inverse Hessian times the gradient. */
function newtonStep(
  cases: readonly LogisticCase[],
  parameters: number[],
  penalties: number[],
): number[] {
  const gradient = parameters.map((value, i) => (penalties[i] ?? 0) * value);
  const hessian = Matrix.diag(penalties);
  for (const one of cases) {
    const p = sigmoid(linear(one, parameters));
    const residual = one.weight * (p - (one.isReal ? 1 : 0));
    const curvature = one.weight * p * (1 - p);
    const inputs: [number, number][] = [
      [0, one.logit],
      [1, 1],
      [2 + one.label, 1],
    ];
    for (const [i, x] of inputs) {
      gradient[i] = (gradient[i] ?? 0) + residual * x;
      for (const [j, y] of inputs) hessian.set(i, j, hessian.get(i, j) + curvature * x * y);
    }
  }
  hessian.set(1, 1, hessian.get(1, 1) + RIDGE);
  return solve(hessian, Matrix.columnVector(gradient)).to1DArray();
}

function linear({ logit, label }: LogisticCase, parameters: readonly number[]): number {
  return (parameters[0] ?? 0) * logit + (parameters[1] ?? 0) + (parameters[2 + label] ?? 0);
}
