import type { Manifest } from '../manifest/manifest.js';
import { textsOf } from '../manifest/manifest.js';
import { ownColumns } from '../manifest/own-columns.js';

/** What an output of ours says of a generated row; its path, label and image are the manifest's. */
export interface GeneratedRowFigures {
  /** Row number in the manifest. */
  readonly row: number;
  /** A null of the file counts as 0. */
  readonly score: number;
  readonly novelty: number;
  /** Path of the nearest real image. */
  readonly nearest: string | null;
  /** SHA-256 of the checkpoint that made it. */
  readonly generator: string | null;
  /** Number of the candidate within its class. */
  readonly index: number;
}

/** The generated rows of an output of ours, a record batch at a time. */
export async function* readGeneratedRows({
  arrow,
}: Pick<Manifest, 'arrow'>): AsyncGenerator<GeneratedRowFigures[]> {
  const own = ownColumns(arrow.schema);
  const nameOf = (column: 'source' | 'score' | 'novelty' | 'nearest' | 'generator' | 'index') =>
    own.get(column) ?? column;
  // Without that column none is generated, and embedded images need not be read.
  if (!arrow.schema.fields.some(({ name }) => name === nameOf('source'))) return;
  let first = 0;
  for await (const batch of arrow.batches()) {
    const scores = batch.getChild(nameOf('score'));
    const novelties = batch.getChild(nameOf('novelty'));
    const indices = batch.getChild(nameOf('index'));
    const originOf = textsOf(batch, nameOf('source'));
    const nearestOf = textsOf(batch, nameOf('nearest'));
    const generatorOf = textsOf(batch, nameOf('generator'));
    const rows: GeneratedRowFigures[] = [];
    for (let i = 0; i < batch.numRows; i++) {
      if (originOf(i) !== 'generated') continue;
      rows.push({
        row: first + i,
        score: Number(scores?.get(i) ?? 0),
        novelty: Number(novelties?.get(i) ?? 0),
        nearest: nearestOf(i),
        generator: generatorOf(i),
        index: Number(indices?.get(i) ?? 0),
      });
    }
    first += batch.numRows;
    yield rows;
  }
}
