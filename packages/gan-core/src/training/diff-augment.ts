import * as tf from '@tensorflow/tfjs-core';
import type { RandomStream } from '../random-stream.js';
import { noise } from './batch-inputs.js';
import type { Recipe } from './recipe.js';
import type { StepInput } from './training-step.js';

/** What DiffAugment does to images. */
export interface AugmentPolicy {
  /** How far images move at most, as a share of the side; 0: they stay. */
  readonly shift: number;
  /** Side of the square that is cut out, as a share of the image's; 0: nothing is. */
  readonly cutout: number;
  /** Brightness, saturation and contrast. */
  readonly colour: boolean;
  /** Standard deviation of Gaussian noise on every pixel, which blurs where real images end (Sønderby et al., 2017). */
  readonly noise: number;
}

/**
 * The policies by name. Strong is that of Zhao et al. (2020), for which a discriminator of few channels is too weak: it
 * could no longer tell held-out from generated images, and KID was two to four times as high (docs/training.md).
 */
const policies: Readonly<Record<Recipe['diffAugment'], Omit<AugmentPolicy, 'noise'>>> = {
  gentle: { shift: 1 / 16, cutout: 0, colour: true },
  shift: { shift: 1 / 16, cutout: 0, colour: false },
  strong: { shift: 1 / 8, cutout: 1 / 2, colour: true },
  none: { shift: 0, cutout: 0, colour: false },
};

/** The policy of a recipe: colours are left alone where there are none. */
export function augmentPolicy(
  { diffAugment, inputNoise }: Pick<Recipe, 'diffAugment' | 'inputNoise'>,
  { channels }: { channels: number },
): AugmentPolicy {
  const policy = policies[diffAugment];
  return { ...policy, colour: policy.colour && channels === 3, noise: inputNoise };
}

/** The inputs that a policy needs for a batch. */
export function augmentInputs(
  policy: AugmentPolicy,
  batch: number,
  { size, channels }: { size: number; channels: number },
): StepInput[] {
  const drawn = (name: ParameterName, shape: readonly number[]): StepInput => ({
    name,
    shape,
    draw: ({ random }) => drawAugment(name, shape, policy, random(name)),
  });
  return [
    ...(policy.shift > 0
      ? [drawn('rows', [batch, size, size]), drawn('columns', [batch, size, size])]
      : []),
    // Every channel has its own, because to broadcast over rows of three numbers is slow.
    ...(policy.cutout > 0 ? [drawn('mask', [batch, size, size, channels])] : []),
    ...(policy.colour ? [drawn('colour', [batch, 3])] : []),
    ...(policy.noise > 0 ? [noise('inputNoise', [batch, size, size, channels], policy.noise)] : []),
  ];
}

/** What is drawn for each image: two shift matrices, a cutout mask, and three numbers for its colours. */
type ParameterName = 'rows' | 'columns' | 'mask' | 'colour';

/**
 * Draws the parameters of one batch: shift matrices, cutout masks, and brightness, saturation and contrast.
 * Ranges of colours: Zhao et al., 2020 (DiffAugment).
 */
function drawAugment(
  name: ParameterName,
  shape: readonly number[],
  policy: AugmentPolicy,
  random: RandomStream,
): Float32Array {
  const [batch = 1, size = 1, , channels = 1] = shape;
  const values = new Float32Array(tf.util.sizeFromShape([...shape]));
  switch (name) {
    case 'rows':
    case 'columns':
      for (let image = 0; image < batch; image++) {
        const reach = Math.round(size * policy.shift);
        const shift = random.integer(-reach, reach);
        for (let to = Math.max(0, shift); to < Math.min(size, size + shift); to++) {
          values[(image * size + to) * size + to - shift] = 1;
        }
      }
      return values;
    case 'mask':
      values.fill(1);
      for (let image = 0; image < batch; image++) {
        const half = Math.floor((size * policy.cutout) / 2);
        const centre = [random.integer(0, size - 1), random.integer(0, size - 1)] as const;
        for (let y = Math.max(0, centre[0] - half); y < Math.min(size, centre[0] + half); y++) {
          const line = (image * size + y) * size;
          const from = line + Math.max(0, centre[1] - half);
          const to = line + Math.min(size, centre[1] + half);
          values.fill(0, from * channels, to * channels);
        }
      }
      return values;
    case 'colour':
      for (let image = 0; image < batch; image++) {
        values.set(
          [random.uniform() - 0.5, 2 * random.uniform(), 0.5 + random.uniform()],
          image * 3,
        );
      }
      return values;
  }
}

/**
 * Augments images, differentiably (Zhao et al., 2020).
 *
 * @param images in [-1, 1], [batch, size, size, channels]
 * @param parameters tensors for augmentInputs, by name
 */
export function diffAugment(
  images: tf.Tensor,
  parameters: ReadonlyMap<string, tf.Tensor>,
): tf.Tensor {
  const colour = parameters.get('colour');
  const rows = parameters.get('rows');
  const columns = parameters.get('columns');
  const mask = parameters.get('mask');
  let x = colour ? shiftColours(images, colour) : images;
  if (rows && columns) x = translate(x, rows, columns);
  if (mask) x = tf.mul(x, mask);
  const noise = parameters.get('inputNoise');
  return noise ? tf.add(x, noise) : x;
}

/**
 * Adds brightness b, scales the distance to grey (saturation s) and to the image's mean (contrast c). With the mean over
 * channels as a matrix J / 3 that is x c (s I + (1 - s) J / 3) + b + (1 - c) mean(x): one product instead of many passes.
 */
function shiftColours(images: tf.Tensor, colour: tf.Tensor): tf.Tensor {
  const [batch = 1, , , channels = 1] = images.shape;
  const [brightness, saturation, contrast] = [0, 1, 2].map((i) =>
    tf.reshape(tf.slice(colour, [0, i], [batch, 1]), [batch, 1, 1]),
  ) as [tf.Tensor, tf.Tensor, tf.Tensor];
  const grey = tf.fill([1, channels, channels], 1 / channels);
  const identity = tf.reshape(tf.eye(channels), grey.shape);
  const matrix = tf.mul(
    tf.add(tf.mul(saturation, tf.sub(identity, grey)), grey), // [batch, channels, channels]
    contrast,
  );
  const mixed = tf.matMul(tf.reshape(images, [batch, -1, channels]), matrix);
  const pixels = tf.reshape(images, [batch, -1]);
  const perImage = (values: tf.Tensor) => tf.reshape(values, [batch, 1]);
  const rest = tf.sub(1, perImage(contrast));
  const offset = tf.add(perImage(brightness), tf.mul(rest, tf.mean(pixels, 1, true)));
  return tf.reshape(tf.add(tf.reshape(mixed, pixels.shape), offset), images.shape);
}

/** Moves images by matrix products, because a gather has no fast gradient; what moves in is 0. */
function translate(images: tf.Tensor, rows: tf.Tensor, columns: tf.Tensor): tf.Tensor {
  const [batch = 1, height = 1, width = 1, channels = 1] = images.shape;
  const vertical = tf.matMul(rows, tf.reshape(images, [batch, height, width * channels]));
  if (channels === 1) {
    const horizontal = tf.matMul(
      tf.reshape(vertical, [batch, height, width]),
      columns,
      false,
      true,
    );
    return tf.reshape(horizontal, images.shape);
  }
  const turned = tf.transpose(tf.reshape(vertical, images.shape), [0, 2, 1, 3]);
  const horizontal = tf.matMul(columns, tf.reshape(turned, [batch, width, height * channels]));
  return tf.transpose(tf.reshape(horizontal, [batch, width, height, channels]), [0, 2, 1, 3]);
}
