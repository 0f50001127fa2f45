import {
  encodePng,
  readManifest,
  writeDataset,
  writeManifest,
  type GeneratedRow,
} from '@evenset/dataset-io';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { binary, struct, tableFromArrays, tableFromIPC, tableToIPC, utf8 } from '@uwdata/flechette';
import { temporaryFolder } from './binary.js';

/** Real images a class. */
const REAL = 3;
/** Sides of the pictures. */
const SIDE = 8;

/** A finished run as a folder, made without training. */
export interface FinishedRun {
  readonly folder: string;
  /** Row number of the first generated row. */
  readonly firstRow: number;
}

/** A picture that differs by its number. */
function picture(number: number): Promise<Buffer> {
  const pixels = Uint8Array.from({ length: SIDE * SIDE }, (_, i) => (i * 3 + number * 37) % 256);
  return encodePng({ pixels, width: SIDE, height: SIDE, channels: 1 });
}

async function put(file: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, bytes);
}

/**
 * Writes a run of `count` generated images in turn of each class: the one of number i has the score i / count and the
 * novelty 1 + i / count.
 *
 * @param different how many different files there are; the rest point at the same ones
 */
export async function finishedRun(
  classes: readonly string[],
  count: number,
  { embedded = false, different = count } = {},
): Promise<FinishedRun> {
  const source = temporaryFolder();
  const folder = join(source, 'run');
  const real = classes.flatMap((label, i) =>
    Array.from({ length: REAL }, (_, k) => ({ label, path: `real/${i}-${k}.png` })),
  );
  const pictures = await Promise.all(real.map((_, i) => picture(1000 + i)));
  const file = join(source, 'labels.arrow');
  if (embedded) {
    const image = pictures.map((bytes, i) => ({ bytes, path: real[i]?.path }));
    const types = { image: struct({ bytes: binary(), path: utf8() }), label: utf8() };
    const table = tableFromArrays({ image, label: real.map(({ label }) => label) }, { types });
    await writeFile(file, tableToIPC(table, { format: 'file' }) ?? '');
  } else {
    for (const [i, { path }] of real.entries()) {
      await put(join(source, path), pictures[i] ?? new Uint8Array());
    }
    const rows = real.map((one) => ({
      ...one,
      split: null,
      width: SIDE,
      height: SIDE,
      sha256: 'abc',
    }));
    await writeManifest(rows, file);
  }

  const generated = Array.from({ length: count }, (_, i): GeneratedRow => {
    const label = i % classes.length;
    return {
      path: `images/${label}/${i % different}.png`,
      label,
      score: i / count,
      novelty: 1 + i / count,
      nearest: real[label * REAL + (i % REAL)]?.path ?? '',
      generator: 'f00d',
      seed: 7,
      index: i,
      width: SIDE,
      height: SIDE,
      sha256: 'def',
    };
  });
  for (const path of new Set(generated.map(({ path }) => path))) {
    const number = Number(/(\d+)\.png$/.exec(path)?.[1]);
    await put(join(folder, path), await picture(number));
  }
  const manifest = await readManifest(file);
  const readableRows = Int32Array.from(real.keys());
  await writeDataset({ manifest, readableRows, generated }, folder, () => undefined);
  await writeFile(join(folder, 'run.json'), JSON.stringify(record()));
  return { folder, firstRow: real.length };
}

function record() {
  return {
    format: 'evenset.run',
    formatVersion: 1,
    command: 'augment',
    status: 'done',
    startedAt: '2026-01-01T00:00:00.000Z',
    finishedAt: '2026-01-01T00:10:00.000Z',
    options: {},
    inputs: {
      manifest: 'm',
      manifestSha256: '',
      imagesSha256: '',
      images: 6,
      quarantined: 0,
      initSha256: null,
      extractor: 'randconv-v1',
    },
    engine: { name: 'onnx', device: 'CPU', threads: 2 },
    versions: {},
    model: { classes: [], size: SIDE, channels: 1, outputSize: SIDE },
    training: null,
    generator: null,
    classes: [],
    warnings: [],
  };
}

/** The rows of a manifest in a run's folder, as another Arrow implementation reads them. */
export async function readTable(file: string) {
  return tableFromIPC(await readFile(file), { useBigInt: true });
}

/** The decisions on the first generated rows, as they stand in the journal. */
export async function reviewsInJournal({ folder, firstRow }: FinishedRun, count: number) {
  const reviews = new Map<number, string | null>();
  const lines = (await readFile(join(folder, 'review.jsonl'), 'utf8')).trim().split('\n').slice(1);
  for (const line of lines) {
    const { changes } = JSON.parse(line) as { changes: [number, string | null][] };
    for (const [row, review] of changes) reviews.set(row, review);
  }
  return Array.from({ length: count }, (_, i) => reviews.get(firstRow + i) ?? null);
}

/** The same from the reviewed manifest. */
export async function reviewsInManifest(
  { folder, firstRow }: FinishedRun,
  count: number,
): Promise<unknown[]> {
  const table = await readTable(join(folder, 'labels.reviewed.arrow'));
  return [...(table.getChild('review') as Iterable<unknown>)].slice(firstRow, firstRow + count);
}
