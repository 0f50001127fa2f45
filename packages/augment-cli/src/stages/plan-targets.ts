import { UsageError } from '../errors.js';
import { assertKnownLabel, assertOnce, labelledText } from '../options/labelled-text.js';
import type { PlanOptions } from '../options/plan-options.js';

/** Classes with fewer real train images are refused unless forced. */
export const MIN_REAL = 20;
/** Below this a class is augmented with a warning. */
export const FEW_REAL = 50;
/** No published gain was found above two synthetic images per real one; above three we warn. */
const MAX_SYNTHETIC_PER_REAL = 3;

/** What is to be done for one class. */
export interface ClassPlan {
  readonly label: string;
  /** Real train images that can be read. */
  readonly real: number;
  /** Generated train images that the input already holds. */
  readonly generated: number;
  readonly target: number;
  /** Generated images to add; 0 for a refused class. */
  readonly missing: number;
  /** Images that the target lacks but a refused class will not get. */
  readonly refused: number;
  /** What the user should know about this class. */
  readonly warnings: readonly string[];
}

export interface ClassCount {
  readonly label: string;
  /** Rows of the manifest, in whatever split; a vocabulary may name classes that it has no image of. */
  readonly rows: number;
  readonly real: number;
  readonly generated: number;
}

/**
 * Works out what each class is missing.
 *
 * @throws UsageError on a target that is neither a number nor a known word, a label that does not exist, a second target
 *   for a class, or one for a class that is not to be filled up
 */
export function planTargets(counts: readonly ClassCount[], options: PlanOptions): ClassPlan[] {
  const known = new Set(counts.map(({ label }) => label));
  const { general, byLabel } = readTargets(options, known);
  for (const label of options.classes) assertKnownLabel(label, '--classes', known);
  const isChosen = (label: string) =>
    options.classes.length === 0 || options.classes.includes(label);
  for (const [label, target] of byLabel) {
    if (isChosen(label)) continue;
    throw new UsageError(
      `Expected --target for classes of --classes only (${options.classes.join(', ')}) but received "${label}=${target}"; add --classes ${label} or leave it out.`,
    );
  }

  const targetOfAll =
    general === undefined && byLabel.size > 0 ? undefined : (general ?? 'majority');
  return counts.map((count) => {
    const have = count.real + count.generated;
    const general = count.rows > 0 ? generalTarget(targetOfAll, counts) : undefined;
    const target = byLabel.get(count.label) ?? general ?? have;
    return planClass(count, isChosen(count.label) ? target : have, options.force);
  });
}

/** Whether a class will stay short of its target. */
export function isRefusing(plan: readonly ClassPlan[]): boolean {
  return plan.some(({ refused }) => refused > 0);
}

function planClass(count: ClassCount, target: number, force: boolean): ClassPlan {
  const { label, real, generated } = count;
  const missing = Math.max(0, target - real - generated);
  const plan = { label, real, generated, target, missing, refused: 0, warnings: [] };
  if (missing === 0) return plan;
  if (real < MIN_REAL && (!force || real === 0)) {
    const way = real === 0 ? '' : ' (--force overrides)';
    const reason = `${label}: ${real} real train images are too few to learn from; at least ${MIN_REAL} are needed${way}.`;
    return { ...plan, missing: 0, refused: missing, warnings: [reason] };
  }
  const warnings: string[] = [];
  if (real < FEW_REAL) {
    warnings.push(
      `${label}: ${real} real train images are few; look at the results before you use them.`,
    );
  }
  if (missing + generated > MAX_SYNTHETIC_PER_REAL * real) {
    const ratio = ((missing + generated) / real).toFixed(1);
    warnings.push(
      `${label}: ${ratio} synthetic images per real one; no published gain was found above 2 to 1.`,
    );
  }
  return { ...plan, warnings };
}

type GeneralTarget = 'majority' | 'median' | number | undefined;

function generalTarget(target: GeneralTarget, counts: readonly ClassCount[]): number | undefined {
  if (target === undefined || typeof target === 'number') return target;
  const sizes = counts
    .filter(({ rows }) => rows > 0)
    .map(({ real, generated }) => real + generated)
    .sort((a, b) => a - b);
  return target === 'majority' ? sizes.at(-1) : sizes[Math.floor((sizes.length - 1) / 2)];
}

function readTargets(
  options: PlanOptions,
  known: ReadonlySet<string>,
): { general: GeneralTarget; byLabel: Map<string, number> } {
  let general: GeneralTarget = options.targetPerClass;
  const byLabel = new Map<string, number>();
  for (const text of options.target) {
    const labelled = labelledText(text);
    if (labelled) {
      const { label, value } = labelled;
      assertKnownLabel(label, '--target', known);
      assertOnce(label, '--target', byLabel.get(label), text);
      byLabel.set(label, countFrom(value, text));
      continue;
    }
    if (general !== undefined) {
      throw new UsageError(`Expected one target for all classes but received "${text}" as well.`);
    }
    general = text === 'majority' || text === 'median' ? text : countFrom(text, text);
  }
  return { general, byLabel };
}

function countFrom(text: string, whole: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new UsageError(
    `Expected majority, median, a number or label=number for --target but received "${whole}".`,
  );
}
