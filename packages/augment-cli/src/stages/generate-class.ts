import {
  encodePng,
  writeFileAtomic,
  type GeneratedRow,
  type JudgementRow,
} from '@evenset/dataset-io';
import { SAMPLE_BLOCK, type Judge, type Sampler } from '@evenset/gan-core';
import type { Judgement, Selection } from '@evenset/quality-eval';
import { createHash } from 'node:crypto';
import { assertNotStopped } from './assert-not-stopped.js';

/** Blocks of candidates judged at a time, at most: those that are left by their logits fill batches then. */
const BLOCKS = 8;
/** Rejected images of each reason that the report may show. */
const SHOWN_REJECTED = 24;
/** Accepted images whose quality is measured, at most. */
const MEASURED = 1024;

export interface ClassOutcome {
  readonly rows: readonly GeneratedRow[];
  readonly attempts: number;
  readonly rejected: Readonly<Record<string, number>>;
  /** Of every candidate, in order. */
  readonly judgements: readonly JudgementRow[];
  /** Accepted images at even distances, uint8 [n, size, size, channels]. */
  readonly measured: Uint8Array;
}

/**
 * Draws candidates of one class until exactly `missing` are accepted or `maxCandidates` were judged.
 *
 * @throws InterruptedError on Ctrl-C; the same command draws the same candidates again
 */
export async function generateClass(options: {
  readonly label: number;
  readonly className: string;
  readonly missing: number;
  readonly maxCandidates: number;
  /** Candidates that an earlier run has drawn, in whole blocks: indices go on from there. */
  readonly drawn: number;
  readonly seed: number;
  readonly sampler: Sampler;
  readonly judge: Judge;
  readonly selection: Selection;
  /** Candidates for each one accepted, at least. */
  readonly budget: number;
  readonly image: { readonly size: number; readonly channels: 1 | 3 };
  /** Side length of the files in pixels. */
  readonly outputSize: number;
  /** Position of a real image -> its path in the manifest. */
  readonly pathOf: (position: number) => string;
  /** The same, as the written manifest names it. */
  readonly outputPathOf: (position: number) => string | null;
  readonly generator: string;
  readonly folder: { file(...parts: string[]): string };
  /** Folder of the images below the output folder, with `/`. */
  readonly imageFolder: string;
  readonly signal: AbortSignal;
  readonly onProgress: (accepted: number, attempts: number) => void;
}): Promise<ClassOutcome> {
  const { label, missing, maxCandidates, sampler, judge, image, outputSize } = options;
  const bytes = image.size * image.size * image.channels;
  const rows: GeneratedRow[] = [];
  const judgements: JudgementRow[] = [];
  const rejected: Record<string, number> = {};
  const measured: Uint8Array[] = [];
  const stride = Math.ceil(missing / MEASURED);
  let accepted = 0;
  let attempts = 0;
  let written = Promise.resolve();

  async function drawBlocks(first: number, count: number): Promise<Uint8Array> {
    const blocks: Uint8Array[] = [];
    for (let i = 0; i < count; i++) blocks.push(await sampler.generate(label, first + i));
    return Buffer.concat(blocks);
  }

  /** Writes a block's accepted images, and keeps what the report shows of the others. */
  async function write(block: Uint8Array, first: number, judged: readonly Judgement[]) {
    const files = await Promise.all(
      judged.map(async (own, slot) => {
        const index = first + slot;
        const isShown = own.reason !== undefined && (rejected[own.reason] ?? 0) < SHOWN_REJECTED;
        if (own.reason) rejected[own.reason] = (rejected[own.reason] ?? 0) + 1;
        if (own.reason && !isShown) return { own, index, png: null, path: null };
        const pixels = block.subarray(slot * bytes, (slot + 1) * bytes);
        const picture = { ...image, pixels, width: image.size, height: image.size };
        if (own.reason) return { own, index, png: await encodePng(picture), path: null };
        const png = await encodePng(picture, outputSize);
        const path = `${options.imageFolder}/${String(index).padStart(6, '0')}.png`;
        await writeFileAtomic(options.folder.file(path), png);
        return { own, index, png, path };
      }),
    );
    for (const { own, index, png, path } of files) {
      const { reason, score, probability, novelty, nearest } = own;
      judgements.push({
        label: options.className,
        outcome: reason ?? 'accepted',
        index,
        path,
        score,
        probability,
        novelty: novelty ?? NaN,
        nearest: nearest === undefined ? null : options.outputPathOf(nearest),
        image: reason ? png : null,
      });
      if (path === null || novelty === undefined || nearest === undefined) continue;
      rows.push({
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
      });
    }
  }

  while (accepted < missing && attempts < maxCandidates) {
    if (options.signal.aborted) await written;
    assertNotStopped(options.signal);
    const first = options.drawn + attempts;
    const likely = Math.ceil(((missing - accepted) * options.budget) / SAMPLE_BLOCK);
    const block = await drawBlocks(first / SAMPLE_BLOCK, Math.min(BLOCKS, likely));
    const labels = new Int32Array(block.length / bytes).fill(label);
    const logits = await judge.logits(block, labels);
    const judged = await options.selection.judge(block, logits, first);
    const needed: Judgement[] = [];
    for (const one of judged) {
      if (accepted === missing || attempts === maxCandidates) break;
      if (!one.reason && accepted++ % stride === 0) {
        const slot = options.drawn + attempts - first;
        measured.push(block.subarray(slot * bytes, (slot + 1) * bytes));
      }
      attempts++;
      needed.push(one);
    }
    // While these are written, the next ones are judged.
    await written;
    written = write(block, first, needed);
    written.catch(() => undefined);
    options.onProgress(accepted, attempts);
  }
  await written;
  return {
    rows,
    attempts,
    rejected,
    judgements,
    measured: Buffer.concat(measured),
  };
}
