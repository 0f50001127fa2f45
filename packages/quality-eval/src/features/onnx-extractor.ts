import { loadRuntime, type Runtime } from '@evenset/tfjs-onnx';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { ExtractorOptions } from './extractor-options.js';
import { normalisations } from './extractor-options.js';
import type { FeatureExtractor } from './feature-extractor.js';
import { resizeImage } from './resize-image.js';

/** An extractor of the user's own cannot be used; the message names it and says why. */
export class ExtractorError extends Error {
  override readonly name = 'ExtractorError';
}

/** Images of a run where the model leaves it open. */
const BATCH = 16;

/**
 * Opens a model of the user's own as an extractor, run by onnxruntime. It takes one input, [images, channels, side, side]
 * or [images, side, side, channels], and gives [images, values], or [images, tokens, values] of which the first token
 * counts. Two images are tried at once, so that what does not fit is said before any work.
 *
 * @param image size and channels of the images that it will be given
 * @throws ExtractorError when the model cannot be read, takes another input, or gives no such output or no numbers
 */
export async function openOnnxExtractor(
  options: ExtractorOptions & { readonly extractor: string },
  image: { readonly size: number; readonly channels: number },
  { threads }: { readonly threads?: number | undefined } = {},
): Promise<FeatureExtractor> {
  const { file, output: wanted } = splitName(options.extractor);
  const fail = (why: string): never => {
    throw new ExtractorError(`The extractor ${file} (--extractor) ${why}`);
  };
  if (!existsSync(file)) fail('is not there.');
  const { runtime } = await loadRuntime();
  const session = await runtime.InferenceSession.create(file, {
    logSeverityLevel: 3,
    ...(threads !== undefined && { intraOpNumThreads: threads }),
  }).catch((error: unknown) => fail(`is no ONNX model that can be run: ${firstLine(error)}`));
  const output = wanted ?? session.outputNames[0] ?? '';
  if (!session.outputNames.includes(output)) {
    fail(`has no output "${output}". Outputs: ${session.outputNames.join(', ')}.`);
  }
  const input = inputOf(session, options, fail);
  const { mean, deviation } = normalisations[options.extractorNormalisation];
  const bytes = image.size ** 2 * image.channels;

  /** The inputs of up to a batch of images, filled up with black ones. */
  function inputValues(images: Uint8Array): Float32Array {
    const { batch, side, channels, isChannelsFirst } = input;
    const area = side * side;
    const values = new Float32Array(batch * area * channels);
    for (let i = 0; i * bytes < images.length; i++) {
      const own = images.subarray(i * bytes, (i + 1) * bytes);
      const resized = side === image.size ? own : resizeImage(own, image, side);
      for (let at = 0; at < area; at++) {
        for (let c = 0; c < channels; c++) {
          const value = channelOf(resized, at * image.channels, image.channels, channels, c) / 255;
          const to = isChannelsFirst ? c * area + at : at * channels + c;
          values[i * area * channels + to] = (value - (mean[c] ?? 0)) / (deviation[c] ?? 1);
        }
      }
    }
    return values;
  }

  async function run(images: Uint8Array): Promise<{ values: Float32Array; width: number }> {
    const { batch, side, channels, isChannelsFirst, name } = input;
    const shape = isChannelsFirst ? [batch, channels, side, side] : [batch, side, side, channels];
    const results = await session
      .run({ [name]: new runtime.Tensor('float32', inputValues(images), shape) }, [output])
      .catch((error: unknown) =>
        fail(`cannot be run on [${shape.join(', ')}]: ${firstLine(error)}`),
      );
    const tensor = results[output];
    const { values, width } = rowsOfOutput(tensor, batch, output, fail);
    const count = images.length / bytes;
    const rows = values.subarray(0, count * width);
    if (!rows.every(Number.isFinite)) {
      fail(`gives values that are no finite numbers in its output "${output}".`);
    }
    return { values: rows, width };
  }

  // Not constant, because what is divided by its own deviation would be no number.
  const tried = Uint8Array.from({ length: Math.min(2, input.batch) * bytes }, (_, i) => i % 251);
  const { width } = await run(tried);
  return {
    name: `onnx:${file}:${output}`,
    fingerprint: await fingerprintOf(file, [output, options, input]),
    dimensions: width,
    async extract(images) {
      const count = images.length / bytes;
      const features = new Float32Array(count * width);
      for (let from = 0; from < count; from += input.batch) {
        const block = images.subarray(from * bytes, (from + input.batch) * bytes);
        features.set((await run(block)).values, from * width);
      }
      return features;
    },
    dispose: () => session.release(),
  };
}

/** A hash of a model's file and of how the model is used. */
async function fingerprintOf(
  file: string,
  [output, { extractorNormalisation }, input]: [string, ExtractorOptions, ModelInput],
): Promise<string> {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([output, extractorNormalisation, input]));
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** `file:output`; a colon of a drive or a folder is not taken for the separator. */
function splitName(text: string): { file: string; output: string | undefined } {
  const at = text.lastIndexOf(':');
  if (at < 2 || existsSync(text) || /[\\/]/.test(text.slice(at))) {
    return { file: text, output: undefined };
  }
  return { file: text.slice(0, at), output: text.slice(at + 1) };
}

/** What a model is given. */
interface ModelInput {
  readonly name: string;
  readonly batch: number;
  readonly side: number;
  readonly channels: 1 | 3;
  readonly isChannelsFirst: boolean;
}

function inputOf(
  { inputMetadata }: Runtime.InferenceSession,
  { extractorSize, extractorLayout }: ExtractorOptions,
  fail: (why: string) => never,
): ModelInput {
  const [input] = inputMetadata;
  if (inputMetadata.length !== 1 || !input?.isTensor || input.type !== 'float32') {
    const seen = inputMetadata.map(
      (one) => `${one.name} (${one.isTensor ? one.type : 'no tensor'})`,
    );
    return fail(`takes ${seen.join(', ')}; expected one float32 input of images.`);
  }
  const isChannelsFirst = extractorLayout === 'nchw';
  const shape = input.shape.map((length) =>
    typeof length === 'number' && length > 0 ? length : undefined,
  );
  const [batch, ...rest] = shape;
  const [channels, height, width] = isChannelsFirst ? rest : [rest[2], rest[0], rest[1]];
  const told = `takes [${input.shape.join(', ')}]`;
  if (shape.length !== 4 || (channels !== undefined && channels !== 1 && channels !== 3)) {
    return fail(
      `${told}; expected ${isChannelsFirst ? '[images, 1 or 3, side, side]' : '[images, side, side, 1 or 3]'} with --extractor-layout ${extractorLayout}.`,
    );
  }
  if (height !== width) return fail(`${told}; expected a square input.`);
  if (extractorSize !== undefined && height !== undefined && height !== extractorSize) {
    return fail(`${told}, but --extractor-size is ${extractorSize}.`);
  }
  const side = height ?? extractorSize;
  if (side === undefined) return fail(`${told}: name the side with --extractor-size.`);
  return {
    name: input.name,
    batch: batch ?? BATCH,
    side,
    channels: channels ?? 3,
    isChannelsFirst,
  };
}

/** A pixel's value in a channel of the model: grey for each colour, or the brightness of colours for grey. */
function channelOf(
  pixels: ArrayLike<number>,
  at: number,
  channels: number,
  wanted: number,
  channel: number,
): number {
  if (channels === wanted) return pixels[at + channel] ?? 0;
  if (channels === 1) return pixels[at] ?? 0;
  // ITU-R BT.601, as image libraries turn colours grey.
  return 0.299 * (pixels[at] ?? 0) + 0.587 * (pixels[at + 1] ?? 0) + 0.114 * (pixels[at + 2] ?? 0);
}

/** A model's output as rows. */
function rowsOfOutput(
  tensor: Runtime.Tensor | undefined,
  batch: number,
  name: string,
  fail: (why: string) => never,
): { values: Float32Array; width: number } {
  if (!tensor || !(tensor.data instanceof Float32Array)) {
    return fail(`gives ${tensor?.type ?? 'nothing'} as "${name}"; expected float32.`);
  }
  const { dims, data } = tensor;
  const [images, ...rest] = dims;
  const trailing = rest.slice(1).every((length) => length === 1);
  const isTokens = rest.length === 2 && !trailing;
  if (images !== batch || rest.length === 0 || !(trailing || isTokens)) {
    return fail(
      `gives [${dims.join(', ')}] for ${batch} images as "${name}"; expected [images, values] or [images, tokens, values].`,
    );
  }
  if (!isTokens) return { values: data, width: rest[0] ?? 0 };
  const [tokens = 1, width = 1] = rest;
  return { values: data.filter((_, at) => Math.floor(at / width) % tokens === 0), width };
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return `${(text.split('\n')[0] ?? '').replace(/\.$/, '')}.`;
}
