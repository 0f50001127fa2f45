import type { GeneratedRow } from '@evenset/dataset-io';
import {
  openJudge,
  openSampler,
  type Checkpoint,
  type Engine,
  type Judge,
} from '@evenset/gan-core';
import {
  calibrateNovelty,
  calibrateScores,
  openNeighbourSearch,
  openSelection,
  smallestScore,
  type ReferenceImages,
  type SelectionOptions,
} from '@evenset/quality-eval';
import type { CommandContext } from '../command.js';
import type { RunFolder } from '../run/run-folder.js';
import type { ClassResult } from '../run/run-record.js';
import { generateClass } from './generate-class.js';
import { generatedFolders } from './free-folder.js';
import type { ClassPlan } from './plan-targets.js';
import type { Input } from './read-input.js';

/** Real images judged at a time. */
const JUDGED = 1024;

/** What was generated for all classes. */
export interface Filled {
  readonly rows: readonly GeneratedRow[];
  readonly results: readonly ClassResult[];
  readonly warnings: readonly string[];
}

/** Generates, scores and selects images of every class that misses some. */
export async function fillClasses(options: {
  readonly plan: readonly ClassPlan[];
  readonly input: Input;
  readonly checkpoint: Checkpoint;
  readonly generator: string;
  readonly selection: SelectionOptions;
  readonly outputSize: number;
  readonly engine: Engine;
  readonly folder: RunFolder;
  readonly context: CommandContext;
}): Promise<Filled> {
  const { plan, input, checkpoint, engine, context } = options;
  const { pixels, manifest } = input;
  const image = { size: pixels.size, channels: pixels.channels };
  const folders = generatedFolders(manifest);
  const judge = await openJudge(checkpoint, engine);
  if (!judge) {
    throw new TypeError(`The model ${checkpoint.config.model} has no discriminator.`);
  }
  const sampler = await openSampler(checkpoint, engine);
  const search = await openNeighbourSearch(engine, image);

  const heldOut = Int32Array.from([...input.split.select, ...input.split.calibrate]).sort();
  const scores = calibrateScores(
    await logitsOf(judge, input, heldOut),
    labelsAt(input, heldOut),
    manifest.classes.length,
  );

  const rows: GeneratedRow[] = [];
  const results: ClassResult[] = [];
  const warnings: string[] = [];
  for (const [label, classPlan] of plan.entries()) {
    const calibrationImages = scores.counts[label] ?? 0;
    const result: ClassResult = {
      ...classPlan,
      warnings: [...classPlan.warnings],
      calibrationImages,
      accepted: 0,
      attempts: 0,
      rejected: {},
      noveltyBasis: null,
      quality: null,
    };
    if (classPlan.missing === 0) {
      results.push(result);
      continue;
    }
    const train = imagesOf(input, input.split.train, label);
    const novelty = await calibrateNovelty(search, train, imagesOf(input, heldOut, label));
    if (!novelty) {
      const why = `${classPlan.label}: fewer than two different real images; nothing to measure novelty against.`;
      warnings.push(why);
      results.push(result);
      continue;
    }
    const { minScore } = options.selection;
    const smallest = smallestScore(calibrationImages);
    if (minScore > 0 && smallest >= minScore) {
      warnings.push(
        `${classPlan.label}: ${calibrationImages} held-out images cannot tell scores below ${smallest.toFixed(2)}; --min-score ${minScore} rejects nothing there.`,
      );
    }
    const bar = context.narrator.progress(classPlan.label, classPlan.missing, 'images');
    const outcome = await generateClass({
      label,
      missing: classPlan.missing,
      maxCandidates: Math.ceil(classPlan.missing * options.selection.maxAttempts),
      seed: checkpoint.seed,
      sampler,
      judge,
      selection: openSelection({
        label,
        image,
        minScore,
        scores,
        novelty,
        search,
        train,
        earlier: await earlierImages(input, label),
      }),
      image,
      outputSize: options.outputSize,
      pathOf: (position) => manifest.paths[pixels.rows[position] ?? -1] ?? '',
      generator: options.generator,
      folder: options.folder,
      imageFolder: folders[label] ?? '',
      signal: context.signal,
      onProgress: (accepted, attempts) => {
        bar.update(accepted, `${attempts} candidates`);
      },
    }).finally(() => {
      bar.stop();
    });
    for (const row of outcome.rows) rows.push(row);
    results.push({
      ...result,
      accepted: outcome.rows.length,
      attempts: outcome.attempts,
      rejected: outcome.rejected,
      noveltyBasis: novelty.basis,
    });
  }
  await search.dispose();
  await sampler.dispose();
  await judge.dispose();
  return { rows, results, warnings };
}

/** The discriminator's logits of real images, each judged as its own class. */
async function logitsOf(judge: Judge, input: Input, positions: Int32Array): Promise<Float32Array> {
  const logits = new Float32Array(positions.length);
  for (let from = 0; from < positions.length; from += JUDGED) {
    const block = positions.subarray(from, from + JUDGED);
    const pixels = await input.pixels.read(block);
    logits.set(await judge.logits(pixels, labelsAt(input, block)), from);
  }
  return logits;
}

function labelsAt({ pixels }: Input, positions: Int32Array): Int32Array {
  return positions.map((position) => pixels.labels[position] ?? -1);
}

/** What an earlier run generated of a class. */
function earlierImages({ generated }: Input, label: number): Promise<Uint8Array> {
  const positions = [...generated.labels.keys()].filter((i) => generated.labels[i] === label);
  return generated.read(positions);
}

/** The images of a class, one for each file content: an oversampled class lists the same images many times. */
function imagesOf({ pixels }: Input, positions: Int32Array, label: number): ReferenceImages {
  const seen = new Set<string>();
  return {
    positions: positions.filter((position) => {
      const content = pixels.contentOf(position);
      const isNew = pixels.labels[position] === label && !seen.has(content);
      if (isNew) seen.add(content);
      return isNew;
    }),
    read: (wanted) => pixels.read(wanted),
  };
}
