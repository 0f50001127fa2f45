import { encodePng, writeFileAtomic } from '@evenset/dataset-io';
import { openSampler, type Checkpoint, type Engine } from '@evenset/gan-core';
import { join } from 'node:path';
import { tileImages } from './tile-images.js';

/** Fixed-noise sheets over training: the same candidates of every class, so that progress is seen. */
export interface SampleSheets {
  /** Writes <step>.png. */
  write(checkpoint: Checkpoint): Promise<void>;
  dispose(): Promise<void>;
}

/** Images of each class on a sheet. */
const COLUMNS = 8;
/** Classes on a sheet at most. */
const MAX_ROWS = 16;

/** Opens the sheets of a run in `folder`; `checkpoint` tells the model's shape. */
export async function openSampleSheets(
  folder: string,
  checkpoint: Checkpoint,
  engine: Engine,
): Promise<SampleSheets> {
  const { size, channels, classes } = checkpoint.config;
  const sampler = await openSampler(checkpoint, engine);
  const labels = Array.from({ length: Math.min(classes, MAX_ROWS) }, (_, label) => label);
  return {
    async write(current) {
      await sampler.load(current);
      const bytes = COLUMNS * size * size * channels;
      const rows: Uint8Array[] = [];
      for (const label of labels) rows.push((await sampler.generate(label, 0)).subarray(0, bytes));
      const sheet = tileImages(Buffer.concat(rows), { size, channels, columns: COLUMNS });
      const step = String(current.step).padStart(6, '0');
      await writeFileAtomic(join(folder, `${step}.png`), await encodePng(sheet));
    },
    dispose: () => sampler.dispose(),
  };
}
