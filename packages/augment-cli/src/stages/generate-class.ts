import { encodePng, writeFileAtomic, type GeneratedRow } from '@evenset/dataset-io';
import { SAMPLE_BLOCK, type Judge, type Sampler } from '@evenset/gan-core';
import type { Selection } from '@evenset/quality-eval';
import { createHash } from 'node:crypto';
import { InterruptedError } from '../errors.js';

export interface ClassOutcome {
  readonly rows: readonly GeneratedRow[];
  readonly attempts: number;
  readonly rejected: Readonly<Record<string, number>>;
}

/**
 * Draws candidates of one class until exactly `missing` are accepted or `maxCandidates` were judged.
 *
 * @throws InterruptedError on Ctrl-C; the same command draws the same candidates again
 */
export async function generateClass(options: {
  readonly label: number;
  readonly missing: number;
  readonly maxCandidates: number;
  readonly seed: number;
  readonly sampler: Sampler;
  readonly judge: Judge;
  readonly selection: Selection;
  readonly image: { readonly size: number; readonly channels: 1 | 3 };
  /** Side length of the files in pixels. */
  readonly outputSize: number;
  /** Position of a real image -> its path in the manifest. */
  readonly pathOf: (position: number) => string;
  readonly generator: string;
  readonly folder: { file(...parts: string[]): string };
  /** Folder of the images below the output folder, with `/`. */
  readonly imageFolder: string;
  readonly signal: AbortSignal;
  readonly onProgress: (accepted: number, attempts: number) => void;
}): Promise<ClassOutcome> {
  const { label, missing, maxCandidates, sampler, judge, image, outputSize } = options;
  const bytes = image.size * image.size * image.channels;
  const labels = new Int32Array(SAMPLE_BLOCK).fill(label);
  const rows: GeneratedRow[] = [];
  const rejected: Record<string, number> = {};
  let attempts = 0;

  while (rows.length < missing && attempts < maxCandidates) {
    if (options.signal.aborted) {
      throw new InterruptedError('Interrupted while generating; the same command resumes.');
    }
    const first = attempts;
    const block = await sampler.generate(label, first / SAMPLE_BLOCK);
    const logits = await judge.logits(block, labels);
    const judged = await options.selection.judge(block, logits);
    const kept: number[] = [];
    for (const [slot, { reason }] of judged.entries()) {
      if (rows.length + kept.length === missing || attempts === maxCandidates) break;
      attempts++;
      if (reason) rejected[reason] = (rejected[reason] ?? 0) + 1;
      else kept.push(slot);
    }
    const written = await Promise.all(
      kept.map(async (slot): Promise<GeneratedRow> => {
        const index = first + slot;
        const pixels = block.subarray(slot * bytes, (slot + 1) * bytes);
        const png = await encodePng(
          { pixels, width: image.size, height: image.size, channels: image.channels },
          outputSize,
        );
        const path = `${options.imageFolder}/${String(index).padStart(6, '0')}.png`;
        await writeFileAtomic(options.folder.file(path), png);
        const { score = 0, novelty = 0, nearest = -1 } = judged[slot] ?? {};
        return {
          path,
          label,
          score,
          novelty,
          nearest: options.pathOf(nearest),
          generator: options.generator,
          seed: options.seed,
          index,
          width: outputSize,
          height: outputSize,
          sha256: createHash('sha256').update(png).digest('hex'),
        };
      }),
    );
    rows.push(...written);
    options.onProgress(rows.length, attempts);
  }
  return { rows, attempts, rejected };
}
