import { tableFromArrays, tableToIPC } from '@uwdata/flechette';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { temporaryFolder } from '../temporary-folder.js';

export { temporaryFolder };

/** The built command. */
const binary = join(import.meta.dirname, '..', '..', 'dist', 'main.js');

/** What a command line came to. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Record<string, string>;
  readonly cwd?: string;
  /** A command that takes the command line and becomes its process, as a shell with limits does. */
  readonly by?: readonly string[];
  /** Called when the process has started, with a way to send it a signal; what it returns is called at its end. */
  readonly onStart?: (kill: (signal: NodeJS.Signals) => void) => () => void;
}

/** The cache of all commands of a test file. */
const cache = temporaryFolder();

/** Starts `augment` in a process of its own. */
export function startAugment(
  args: readonly string[],
  { cwd, env, by = [] }: Pick<RunOptions, 'cwd' | 'env' | 'by'> = {},
): ChildProcessWithoutNullStreams {
  const [command = '', ...rest] = [...by, process.execPath, binary, ...args];
  return spawn(command, rest, {
    cwd,
    // Node warns on stderr where colours are both asked for and refused.
    env: { ...process.env, XDG_CACHE_HOME: cache, FORCE_COLOR: undefined, NO_COLOR: '1', ...env },
  });
}

/** Runs `augment` with arguments as a user would, in a process of its own. */
export async function augment(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const child = startAugment(args, options);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const onEnd = options.onStart?.((signal) => child.kill(signal));
  const [code] = (await once(child, 'close')) as [number | null];
  onEnd?.();
  return { code, stdout, stderr };
}

/** A grey 16x16 picture of a bright bar: upright for class 0, lying for class 1, each one different. */
export function barPng(label: number, index: number): Promise<Buffer> {
  const pixels = Buffer.alloc(256, 10 + (index % 7));
  const from = 1 + (index % 9);
  const width = 2 + (index % 4);
  const level = 120 + ((index * 37) % 120);
  for (let along = 1; along < 15; along++) {
    for (let across = from; across < from + width; across++) {
      pixels[label === 0 ? along * 16 + across : across * 16 + along] = level;
    }
  }
  return sharp(pixels, { raw: { width: 16, height: 16, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer();
}

/** A folder with `counts` pictures per class, below `name`, and its manifest. */
export async function dataset(
  counts: Record<string, number>,
  folder = temporaryFolder(),
): Promise<{ folder: string; manifest: string }> {
  for (const [label, [name, count]] of Object.entries(counts).entries()) {
    for (let i = 0; i < count; i++) {
      const file = join(folder, name, `${String(i).padStart(3, '0')}.png`);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, await barPng(label % 2, i));
    }
  }
  const manifest = join(folder, 'labels.arrow');
  const { code, stderr } = await augment(['scan', folder, '--out', manifest, '--quiet']);
  if (code !== 0) throw new Error(stderr);
  return { folder, manifest };
}

/** Trains a small model of two classes for a moment, in a new folder. @returns the folder and its checkpoint */
export async function trainedModel(): Promise<{ folder: string; checkpoint: string }> {
  const { manifest } = await dataset({ upright: 24, lying: 22 });
  const folder = temporaryFolder();
  const out = join(folder, 'trained');
  const args = ['--manifest', manifest, '--size', '16', '--budget', '0.1kimg', '--out', out];
  const { code, stderr } = await augment(['train', ...args]);
  if (code !== 0) throw new Error(stderr);
  return { folder, checkpoint: join(out, 'checkpoints', 'model.safetensors') };
}

/** Writes columns as an Arrow file; a column that a row lacks is null there. */
export async function arrowFile<T extends object>(
  file: string,
  rows: readonly T[],
  columns: readonly (keyof T & string)[],
): Promise<string> {
  const table = Object.fromEntries(
    columns.map((column) => [column, rows.map((row) => row[column] ?? null)]),
  );
  await writeFile(file, tableToIPC(tableFromArrays(table), { format: 'file' }) ?? '');
  return file;
}

/** Options that make a run take seconds. */
export function quick({ budget = '6kimg', minScore = '0' } = {}): string[] {
  return ['--size', '16', '--threads', '1', '--budget', budget, '--min-score', minScore];
}
