import {
  encodePng,
  readManifest,
  writeDataset,
  writeJudgements,
  writeManifest,
  type GeneratedRow,
  type JudgementRow,
} from '@evenset/dataset-io';
import { mkdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ClassResult, RunRecord } from '../src/run/run-record.js';
import { temporaryFolder } from './temporary-folder.js';

/** A label that no page and no shell may take for anything but text. */
export const hostile = `<script>alert(1)</script> "it's" $(touch x) \`y\` 👕 \u202eשלום & \\`;

/** What a run folder is made with. */
export interface RunFixture {
  readonly labels: readonly string[];
  /** Accepted images of each class; they share a few files. */
  readonly accepted: number;
  readonly rejected: number;
  readonly heldOut: number;
  readonly side?: number;
  /** Name of the run's folder. */
  readonly name?: string;
  readonly hasJudgements?: boolean;
  readonly quality?: ClassResult['quality'];
}

/** A run folder as the main job leaves it behind. */
export interface MadeRun {
  readonly folder: string;
  readonly record: RunRecord;
  readonly rows: readonly JudgementRow[];
}

/** Files that generated rows of a class share. */
const FILES = 24;
const REAL = 6;
const REASONS = ['low-score', 'near-copy', 'near-duplicate'];

export const quality: NonNullable<ClassResult['quality']> = {
  generated: 200,
  train: 100,
  heldOut: 40,
  auc: 0.97,
  kernelDistance: {
    estimate: 0.5,
    low: 0.4,
    high: 0.6,
    floor: { estimate: 0.01, low: -0.1, high: 0.1 },
  },
  density: { estimate: 0.9, low: 0.81, high: 0.99 },
  coverage: { estimate: 0.8, low: 0.72, high: 0.86 },
  expectedCoverage: 0.97,
  precision: { estimate: 0.7, low: 0.61, high: 0.78 },
  recall: { estimate: 0.4, low: 0.31, high: 0.5 },
  diversityRatio: 0.9,
  frechetDistance: null,
  dataCopying: -4.5,
  authenticity: { generated: 0.6, heldOut: 0.5 },
  agreement: true,
  thresholds: { copyRatio: 0.4, copyDistance: 9, duplicateDistance: 4 },
};

/** Writes a run folder. */
export async function makeRun(fixture: RunFixture): Promise<MadeRun> {
  const base = temporaryFolder();
  const { labels, accepted, rejected, heldOut, side = 8, name = 'out' } = fixture;
  const random = openRandom();
  const folder = join(base, name);
  mkdirSync(folder);
  const noisyPng = () =>
    encodePng({
      pixels: Uint8Array.from({ length: side * side * 3 }, () => 256 * random()),
      width: side,
      height: side,
      channels: 3,
    });
  const put = async (file: string, bytes: Uint8Array) => {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes);
  };

  const images = [];
  for (const [at, label] of labels.entries()) {
    for (let i = 0; i < REAL; i++) {
      const path = `real ${at} '"/${i}.png`;
      await put(join(base, path), await noisyPng());
      images.push({ path, label, split: null, width: side, height: side, sha256: `${at}-${i}` });
    }
  }
  const manifestFile = join(base, 'labels.arrow');
  await writeManifest(images, manifestFile);
  const manifest = await readManifest(manifestFile);

  const generated: GeneratedRow[] = [];
  const rows: JudgementRow[] = [];
  for (const [at, label] of labels.entries()) {
    for (let i = 0; i < FILES; i++)
      await put(join(folder, `images/${at}/${i}.png`), await noisyPng());
    const nearest = `real ${at} '"/0.png`;
    const image = await noisyPng();
    const judged = { label, probability: 0.5, nearest };
    for (let index = 0; index < accepted; index++) {
      const path = `images/${at}/${index % FILES}.png`;
      const [score, novelty] = [Math.ceil(100 * random()) / 100, 1 + 2 * random()];
      rows.push({ ...judged, outcome: 'accepted', index, path, score, novelty, image: null });
      generated.push({
        path,
        label: manifest.classes.indexOf(label),
        score,
        novelty,
        nearest,
        generator: 'f00d',
        seed: 0,
        index,
        width: side,
        height: side,
        sha256: '',
      });
    }
    for (let index = 0; index < rejected; index++) {
      rows.push({
        ...judged,
        outcome: REASONS[index % REASONS.length] ?? '',
        index,
        path: null,
        score: random(),
        novelty: index % 4 === 3 ? NaN : 2 * random(),
        image: index < 30 ? image : null,
      });
    }
    for (let i = 0; i < heldOut; i++) {
      rows.push({
        ...judged,
        outcome: 'held-out',
        index: null,
        path: nearest,
        score: random(),
        novelty: 3 * random(),
        image: null,
      });
    }
  }
  await writeDataset(
    { manifest, readableRows: Int32Array.from(images.keys()), generated },
    folder,
    () => undefined,
  );
  if (fixture.hasJudgements ?? true)
    await writeJudgements(join(folder, 'judgements.arrow'), [rows]);
  await writeTraining(folder, put, await noisyPng());
  const record = recordOf(fixture, manifestFile);
  await writeFile(join(folder, 'run.json'), JSON.stringify(record));
  return { folder, record, rows };
}

async function writeTraining(
  folder: string,
  put: (file: string, bytes: Uint8Array) => Promise<void>,
  sheet: Uint8Array,
): Promise<void> {
  const lines = Array.from({ length: 30 }, (_, i) => ({
    step: 10 * (i + 1),
    rollbacks: 0,
    elapsedSeconds: i,
    lossD: 1 + Math.sin(i),
    lossG: 2 - Math.cos(i),
    ...(i % 3 === 2 && { kernelDistance: 1 / (i + 1), jensenShannon: 0.3, diversity: { a: 0.5 } }),
  }));
  await writeFile(
    join(folder, 'stats.jsonl'),
    lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
  );
  for (let step = 30; step <= 300; step += 30) {
    await put(join(folder, 'samples', `${String(step).padStart(6, '0')}.png`), sheet);
  }
}

function recordOf(fixture: RunFixture, manifest: string): RunRecord {
  const { labels, accepted, rejected, heldOut, side = 8 } = fixture;
  const classes = labels.map((label): ClassResult => ({
    label,
    real: REAL,
    generated: 0,
    target: REAL + accepted + 5,
    missing: accepted + 5,
    refused: 0,
    accepted,
    attempts: accepted + rejected,
    rejected: Object.fromEntries(
      REASONS.map((reason, at) => [reason, Math.ceil((rejected - at) / REASONS.length)]),
    ),
    warnings: [],
    calibrationImages: heldOut,
    noveltyBasis: 'leave-one-out',
    quality: fixture.quality ?? null,
  }));
  return {
    format: 'evenset.run',
    formatVersion: 1,
    command: 'augment',
    status: 'short',
    startedAt: '2026-01-01T00:00:00.000Z',
    finishedAt: '2026-01-01T00:10:00.000Z',
    options: {
      minScore: 0.01,
      targetPerClass: 50,
      budget: '1m',
      seed: 0,
      model: 'cdcgan',
      fit: 'cover',
      background: '#000000',
    },
    inputs: {
      manifest,
      manifestSha256: 'abc',
      imagesSha256: '',
      images: REAL * labels.length,
      quarantined: 0,
      initSha256: null,
      extractor: 'randconv-v1',
    },
    engine: { name: 'onnx', device: 'CPU, 2 threads', threads: 2 },
    versions: { evenset: '0.1.0' },
    model: { classes: [...labels], size: side === 64 ? 64 : 32, channels: 3, outputSize: side },
    training: {
      steps: 300,
      totalSteps: 300,
      seconds: 75,
      chosen: { step: 270, kernelDistance: 0.037 },
      faults: [{ step: 7, reason: 'lossG is NaN', goodStep: 4 }],
    },
    generator: 'f00d',
    classes,
    warnings: [`${hostile}: a warning`],
  };
}

/** Uniform values in [0, 1), the same every time. */
function openRandom(): () => number {
  let state = 7;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}
