import { removeTemporaryFiles, type GeneratedRow, type JudgementRow } from '@evenset/dataset-io';
import type { Checkpoint, Engine } from '@evenset/gan-core';
import { smallestScore, type FeatureExtractor, type SelectionOptions } from '@evenset/quality-eval';
import type { CommandContext } from '../command.js';
import type { RunFolder } from '../run/run-folder.js';
import type { ClassResult } from '../run/run-record.js';
import { assertNotStopped } from './assert-not-stopped.js';
import { candidatesDrawn } from './candidates-drawn.js';
import { outputPathOf } from './class-images.js';
import { openFeatureSpace } from './feature-space.js';
import { generateClass } from './generate-class.js';
import { generatedFolders } from './free-folder.js';
import { judgeHeldOut } from './judge-held-out.js';
import { openClassQuality, type ClassQuality } from './open-class-quality.js';
import { openClassSelection, type ClassSelection } from './open-class-selection.js';
import { openJudging, type Judging } from './open-judging.js';
import type { ClassPlan } from './plan-targets.js';
import type { Input } from './read-input.js';

/** Above this, a discriminator's scores rank images but do not certify any. */
const ALWAYS_TELLS = 0.95;

/** What was generated for all classes. */
export interface Filled {
  readonly rows: readonly GeneratedRow[];
  /** Of every candidate and held-out image of the classes that were filled, class by class. */
  readonly judgements: readonly (readonly JudgementRow[])[];
  readonly results: readonly ClassResult[];
  readonly warnings: readonly string[];
}

interface FillOptions {
  readonly plan: readonly ClassPlan[];
  readonly input: Input;
  readonly checkpoint: Checkpoint;
  readonly generator: string;
  readonly selection: SelectionOptions;
  /** What describes images where novelty and quality are measured; stays open. */
  readonly extractor: FeatureExtractor;
  readonly outputSize: number;
  readonly engine: Engine;
  readonly folder: RunFolder;
  readonly context: CommandContext;
}

/** Generates, scores and selects images of every class that misses some. */
export async function fillClasses(options: FillOptions): Promise<Filled> {
  const { plan, input, engine, extractor } = options;
  const { signal } = options.context;
  assertNotStopped(signal);
  const toFill = [...plan.keys()].filter((label) => (plan[label]?.missing ?? 0) > 0);
  const space = await openFeatureSpace(input, engine, extractor);
  const judging = await openJudging(options, space, toFill);
  const quality = await openClassQuality(input, engine, space, judging.labels);
  const drawn = await candidatesDrawn(input.manifest, options.generator);
  try {
    const rows: GeneratedRow[] = [];
    const judgements: (readonly JudgementRow[])[] = [];
    const results: ClassResult[] = [];
    const warnings = [...judging.warnings];
    for (const [label, classPlan] of plan.entries()) {
      assertNotStopped(signal);
      const result = {
        ...classPlan,
        warnings: [...classPlan.warnings],
        calibrationImages: judging.scores.counts[label] ?? 0,
        accepted: 0,
        attempts: 0,
        rejected: {},
        noveltyBasis: null,
        quality: null,
      };
      const filled =
        classPlan.missing > 0
          ? await fillClass(
              options,
              { judging, quality, drawn: drawn[label] ?? 0 },
              { label, classPlan, result, warnings },
            )
          : undefined;
      results.push(filled?.result ?? result);
      if (!filled) continue;
      for (const row of filled.rows) rows.push(row);
      for (const some of filled.judgements) judgements.push(some);
    }
    return { rows, judgements, results, warnings };
  } finally {
    for (const open of [quality, judging, space]) await open.dispose();
  }
}

async function fillClass(
  options: FillOptions,
  { judging, quality, drawn }: { judging: Judging; quality: ClassQuality; drawn: number },
  {
    label,
    classPlan,
    result,
    warnings,
  }: { label: number; classPlan: ClassPlan; result: ClassResult; warnings: string[] },
) {
  const { input, selection, checkpoint, context } = options;
  const { missing } = classPlan;
  const { seed } = checkpoint;
  const opened = await openClassSelection(
    judging,
    input,
    { label, wanted: missing, seed, keptFile: options.folder.file('checkpoints', 'accepted') },
    selection,
  );
  if (!opened) {
    warnings.push(
      `${classPlan.label}: too few different real images; nothing to measure novelty against.`,
    );
    return undefined;
  }
  const imageFolder = generatedFolders(input.manifest)[label] ?? '';
  await removeTemporaryFiles(options.folder.file(imageFolder));
  const { label: name } = classPlan;
  for (const warning of scoreWarnings(name, label, judging, selection)) warnings.push(warning);
  for (const warning of budgetWarnings(name, opened, selection)) warnings.push(warning);
  const bar = context.narrator.progress(classPlan.label, missing, 'images');
  const outcome = await generateClass({
    label,
    className: classPlan.label,
    missing,
    maxCandidates: Math.ceil(missing * selection.maxAttempts),
    drawn,
    seed,
    sampler: judging.sampler,
    judge: judging.judge,
    selection: opened.selection,
    budget: opened.budget,
    image: input.pixels,
    outputSize: options.outputSize,
    pathOf: (position) => input.manifest.paths.at(input.pixels.rows[position] ?? -1) ?? '',
    outputPathOf: (position) => outputPathOf(input, options.folder.path, position),
    generator: options.generator,
    folder: options.folder,
    imageFolder,
    signal: context.signal,
    onProgress: (accepted, attempts) => {
      bar.update(accepted, `${attempts} candidates`);
    },
  }).finally(async () => {
    bar.stop();
    await opened.close();
  });
  return {
    rows: outcome.rows,
    judgements: [
      outcome.judgements,
      await judgeHeldOut(judging, input, opened.copies, { label, folder: options.folder.path }),
    ],
    result: {
      ...result,
      accepted: outcome.rows.length,
      attempts: outcome.attempts,
      rejected: outcome.rejected,
      noveltyBasis: opened.copies.basis,
      quality: {
        ...(await quality.measure(label, outcome.measured)),
        auc: judging.areaUnderCurve(label) ?? null,
        thresholds: {
          copyRatio: opened.copies.copyRatio ?? null,
          copyDistance: opened.copies.copyDistance,
          duplicateDistance: opened.duplicateDistance ?? 0,
        },
      },
    },
  };
}

/** What a class's scores cannot say. */
function scoreWarnings(
  name: string,
  label: number,
  { scores, areaUnderCurve }: Judging,
  { minScore }: SelectionOptions,
): string[] {
  const warnings: string[] = [];
  const count = scores.counts[label] ?? 0;
  const smallest = smallestScore(count);
  if (minScore > 0 && smallest >= minScore) {
    warnings.push(
      `${name}: ${count} held-out images cannot tell scores below ${smallest.toFixed(2)}; --min-score ${minScore} rejects nothing there.`,
    );
  }
  const area = areaUnderCurve(label);
  if (area !== undefined && area > ALWAYS_TELLS) {
    warnings.push(
      `${name}: the discriminator ranks held-out real images above generated ones in ${(100 * area).toFixed(0)} % of pairs; scores rank but do not certify.`,
    );
  }
  return warnings;
}

/** Why a class's candidates are chosen from fewer than was asked for. */
function budgetWarnings(
  name: string,
  { budget, isRated }: Pick<ClassSelection, 'budget' | 'isRated'>,
  { select, selectBudget, maxAttempts }: SelectionOptions,
): string[] {
  if (select === 'threshold' || budget >= selectBudget) return [];
  return [
    isRated
      ? `${name}: one of ${budget.toFixed(1)} candidates that pass is kept, not one of ${selectBudget}: so few pass that --max-attempts ${maxAttempts} would not be enough.`
      : `${name}: every candidate that passes is kept, not one of ${selectBudget}: without held-out images nothing says which are more probably real.`,
  ];
}
