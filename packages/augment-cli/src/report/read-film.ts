import { encodeCorner } from '@evenset/dataset-io';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { evenly } from './evenly.js';

/** What the generator made of the same noise at one step. */
export interface FilmFrame {
  readonly step: number;
  readonly image: Buffer;
  readonly width: number;
  readonly height: number;
}

const FRAMES = 8;
/** Candidates of each class and classes on a frame, at most. */
const COLUMNS = 4;
const ROWS = 8;
/** A sheet's rows are classes, its first frame's side the model's. */
const MAX_FRAME = 512;

/**
 * Frames over the whole training, the chosen step's among them, of the sheets in a run's folder of samples.
 *
 * @param side of one image on a sheet, in pixels
 */
export async function readFilm(
  folder: string,
  side: number,
  chosenStep: number | undefined,
): Promise<FilmFrame[]> {
  if (!existsSync(folder)) return [];
  const steps = (await readdir(folder))
    .filter((name) => /^\d+\.png$/.test(name))
    .map((name) => ({ name, step: Number.parseInt(name, 10) }))
    .sort((a, b) => a.step - b.step);
  const chosen = steps.find(({ step }) => step === chosenStep);
  const others = evenly(
    steps.filter((one) => one !== chosen),
    chosen ? FRAMES - 1 : FRAMES,
  );
  const wanted = (chosen ? [...others, chosen] : others).sort((a, b) => a.step - b.step);
  const size = {
    width: Math.min(MAX_FRAME, COLUMNS * side),
    height: Math.min(MAX_FRAME, ROWS * side),
  };
  const frames: FilmFrame[] = [];
  for (const { name, step } of wanted) {
    const frame = await readFile(join(folder, name))
      .then((bytes) => encodeCorner(bytes, size))
      // A sheet that cannot be read is left out.
      .catch(() => undefined);
    if (frame) frames.push({ step, ...frame });
  }
  return frames;
}
