import { knowsClasses, openJudge, type Checkpoint, type Engine } from '@evenset/gan-core';
import { jensenShannonEstimate } from '@evenset/quality-eval';
import type { Input } from './read-input.js';

/** What the discriminator's logits say of a run. */
export interface LogitGauges {
  /**
   * (V + 2 log 2) / 2 on held-out and generated images, in nats: 0 where the discriminator cannot tell them apart, log 2
   * where it always can (Goodfellow et al., 2014). Undefined without held-out images.
   */
  readonly jensenShannon: number | undefined;
  /** Mean sign of the logits of train images, ADA's r_t (Karras et al., 2020): near 1 the discriminator overfits. */
  readonly trainLogitSign: number;
  /** Mean logit of train images less that of held-out ones, 0 where nothing is learned by heart; undefined without. */
  readonly logitGap: number | undefined;
}

/** Reads the gauges during training. */
export interface LogitWatch {
  look(checkpoint: Checkpoint): Promise<LogitLook>;
  dispose(): Promise<void>;
}

/** A look at one checkpoint's logits, class by class. */
interface LogitLook {
  /** @param generated images of a class, uint8 */
  add(label: number, generated: Uint8Array): Promise<void>;
  gauges(): LogitGauges;
}

/** Train and select images that are judged, at most. */
const MAX_JUDGED = 512;

/** Opens the watch; undefined where the model has no discriminator. */
export async function openLogitWatch(
  { pixels, split }: Pick<Input, 'pixels' | 'split'>,
  engine: Engine,
  checkpoint: Checkpoint,
): Promise<LogitWatch | undefined> {
  const judge = await openJudge(checkpoint, engine);
  if (!judge) return undefined;
  const hasClasses = knowsClasses(checkpoint.config);
  const train = await read(split.train);
  const heldOut = await read(split.select);

  /** Images at even distances, so that every class has its share. */
  async function read(positions: Int32Array) {
    const stride = Math.ceil(positions.length / MAX_JUDGED);
    const chosen = positions.filter((_, i) => i % stride === 0);
    // A model that knows no classes makes and judges everything as class 0.
    const labels = chosen.map((position) => (hasClasses ? (pixels.labels[position] ?? 0) : 0));
    return { images: await pixels.read(chosen), labels };
  }

  return {
    async look(current) {
      await judge.load(current);
      const ofTrain = await judge.logits(train.images, train.labels);
      const ofHeldOut = await judge.logits(heldOut.images, heldOut.labels);
      const bytes = pixels.size * pixels.size * pixels.channels;
      const byLabel = new Map<number, Float32Array>();
      return {
        async add(label, images) {
          const labels = new Int32Array(images.length / bytes).fill(label);
          byLabel.set(label, await judge.logits(images, labels));
        },
        gauges: () => logitGauges(ofTrain, ofHeldOut, heldOut.labels, byLabel),
      };
    },
    dispose: () => judge.dispose(),
  };
}

/**
 * The gauges for logits.
 *
 * @param labels the class of each held-out image
 * @param generated logits of generated images by class; classes count by their held-out images
 */
export function logitGauges(
  train: Float32Array,
  heldOut: Float32Array,
  labels: Int32Array,
  generated: ReadonlyMap<number, Float32Array>,
): LogitGauges {
  const trainLogitSign = mean(train.map(Math.sign));
  if (heldOut.length === 0)
    return { jensenShannon: undefined, trainLogitSign, logitGap: undefined };
  let sum = 0;
  let counted = 0;
  for (const [label, logits] of generated) {
    const real = heldOut.filter((_, i) => labels[i] === label);
    if (real.length === 0) continue;
    sum += jensenShannonEstimate(real, logits) * real.length;
    counted += real.length;
  }
  return {
    jensenShannon: counted > 0 ? sum / counted : undefined,
    trainLogitSign,
    logitGap: mean(train) - mean(heldOut),
  };
}

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
