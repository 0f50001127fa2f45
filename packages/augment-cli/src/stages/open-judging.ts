import {
  openJudge,
  openSampler,
  SAMPLE_BLOCK,
  type Checkpoint,
  type Engine,
  type Judge,
  type Sampler,
} from '@evenset/gan-core';
import {
  areaUnderCurve,
  calibrateScores,
  fitRealProbability,
  openNeighbourSearch,
  type NeighbourSearch,
  type ScoreCalibration,
} from '@evenset/quality-eval';
import { heldOutPositions, labelsAt } from './class-images.js';
import type { FeatureSpace, Projection } from './feature-space.js';
import { openLabelGate, type Labels } from './open-label-gate.js';
import type { Input } from './read-input.js';

/** Real images judged at a time. */
const JUDGED = 1024;
/** Blocks of generated images of a class that P(real) and the selection are fitted to. */
const POOL_BLOCKS = 4;
/** The first of them: no class draws as many candidates. */
const FIRST_POOL_BLOCK = 2 ** 24;

/** What all classes' candidates are judged with. */
export interface Judging {
  readonly judge: Judge;
  readonly sampler: Sampler;
  readonly pixelSearch: NeighbourSearch;
  /** Features in which novelty is measured; undefined for hardly any train images. */
  readonly novelty: Projection | undefined;
  readonly scores: ScoreCalibration;
  readonly labels: Labels | undefined;
  /** The discriminator's logits of held-out images by position. */
  readonly heldOutLogits: ReadonlyMap<number, number>;
  /** P(real) of an image of a class; undefined where no held-out image calibrates it. */
  readonly probability: ((label: number, logit: number) => number) | undefined;
  /** How well the discriminator ranks held-out images of a class above generated ones; undefined without any. */
  readonly areaUnderCurve: (label: number) => number | undefined;
  /** A fair sample of the generated images of a class that is to be filled, none of which is a candidate, and their logits. */
  pool(label: number): Promise<{ images: Uint8Array; logits: Float32Array }>;
  readonly warnings: readonly string[];
  dispose(): Promise<void>;
}

/**
 * Opens what judges candidates, calibrated on held-out images.
 *
 * @param space in which novelty is measured; it stays open
 * @param labels the classes that are to be filled
 */
export async function openJudging(
  { input, checkpoint, engine }: { input: Input; checkpoint: Checkpoint; engine: Engine },
  space: FeatureSpace,
  labels: readonly number[],
): Promise<Judging> {
  const { pixels, manifest } = input;
  const judge = await judgeOf(checkpoint, engine);
  const sampler = await openSampler(checkpoint, engine);
  const pixelSearch = await openNeighbourSearch(engine, pixels);
  const novelty = await space.projection();
  const labelGate = await openLabelGate(input, engine, checkpoint.seed);

  const heldOut = heldOutPositions(input);
  const real = { logits: await logitsOf(judge, input, heldOut), labels: labelsAt(input, heldOut) };
  const classes = manifest.classes.length;

  /** Made again when it is asked for: the pools of all classes would take much memory. */
  async function poolImages(label: number): Promise<Uint8Array> {
    const blocks: Uint8Array[] = [];
    for (let block = 0; block < POOL_BLOCKS; block++) {
      blocks.push(await sampler.generate(label, FIRST_POOL_BLOCK + block));
    }
    return Buffer.concat(blocks);
  }

  const fresh = new Map<number, Float32Array>();
  for (const label of labels) {
    const own = new Int32Array(POOL_BLOCKS * SAMPLE_BLOCK).fill(label);
    fresh.set(label, await judge.logits(await poolImages(label), own));
  }
  const ofClass = (label: number) => real.logits.filter((_, i) => real.labels[i] === label);
  const canTell = labels.some((label) => ofClass(label).length > 0);
  const generated = {
    logits: Float32Array.from([...fresh.values()].flatMap((logits) => [...logits])),
    labels: Int32Array.from(
      [...fresh].flatMap(([label, logits]) => Array.from(logits, () => label)),
    ),
  };
  return {
    judge,
    sampler,
    pixelSearch,
    novelty,
    labels: labelGate.labels,
    scores: calibrateScores(real.logits, real.labels, classes),
    heldOutLogits: new Map(Array.from(heldOut, (position, i) => [position, real.logits[i] ?? 0])),
    probability: canTell ? fitRealProbability(real, generated, classes).probability : undefined,
    areaUnderCurve(label) {
      const [reals, fakes] = [ofClass(label), fresh.get(label)];
      return reals.length > 0 && fakes ? areaUnderCurve(reals, fakes) : undefined;
    },
    pool: async (label) => ({
      images: await poolImages(label),
      logits: fresh.get(label) ?? new Float32Array(0),
    }),
    warnings: labelGate.warnings,
    async dispose() {
      for (const open of [pixelSearch, sampler, judge]) await open.dispose();
      await labelGate.labels?.classifier.dispose();
    },
  };
}

async function judgeOf(checkpoint: Checkpoint, engine: Engine): Promise<Judge> {
  const judge = await openJudge(checkpoint, engine);
  if (!judge) throw new TypeError(`The model ${checkpoint.config.model} has no discriminator.`);
  return judge;
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
