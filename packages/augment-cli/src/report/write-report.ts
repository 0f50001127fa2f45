import { writeFileAtomic } from '@evenset/dataset-io';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunRecord } from '../run/run-record.js';
import { readStats } from '../run/stats-log.js';
import { freeFolder } from '../stages/free-folder.js';
import { pastLooks } from '../stages/past-looks.js';
import { readEvidence, type ClassEvidence } from './read-evidence.js';
import { readFilm } from './read-film.js';
import { readSheets, type ClassSheets } from './read-sheets.js';
import { reportPage } from './report-page.js';
import { thresholdData } from './threshold-grid.js';

/** Classes with sheets and charts, at most. */
const MAX_SHOWN = 30;
/** Characters of HTML: the page stays under 5 MB however many images there are. */
const IMAGE_BUDGET = 2_200_000;
const DATA_BUDGET = 800_000;

/** What came of writing a report. */
export interface WrittenReport {
  readonly file: string;
  readonly bytes: number;
  readonly hasJudgements: boolean;
}

/**
 * Writes report.html of a run from what its folder holds: the same files give the same bytes.
 *
 * @throws ManifestError when labels.arrow or judgements.arrow is damaged
 */
export async function writeReport(folder: string, record: RunRecord): Promise<WrittenReport> {
  const entries = await readStats(join(folder, 'stats.jsonl'));
  const { manifest, classes, hasJudgements } = await readEvidence(folder, record);
  const { minScore } = record.options;
  const thresholds = thresholdData(
    classes,
    typeof minScore === 'number' ? minScore : 0,
    DATA_BUDGET,
  );

  const shown = mostImages(classes);
  const sheets = manifest
    ? await readSheets(manifest, shown, record, IMAGE_BUDGET)
    : new Map<string, ClassSheets>();
  const samples = join(
    folder,
    manifest ? freeFolder(manifest, 'samples') : await onlySamples(folder),
  );
  const film = await readFilm(samples, record.model.size, record.training?.chosen.step);

  const html = reportPage({
    record,
    story: { training: record.training, entries, looks: pastLooks(entries), film },
    evidence: classes,
    classes: record.classes.flatMap((result, index) => {
      const [evidence, own] = [classes[index], sheets.get(result.label)];
      return evidence && own ? [{ index, result, evidence, sheets: own }] : [];
    }),
    thresholds,
    hasJudgements,
  });
  const file = join(folder, 'report.html');
  const bytes = Buffer.from(html);
  await writeFileAtomic(file, bytes);
  return { file, bytes: bytes.length, hasJudgements };
}

/** The folder of sheets where no real images lie beside it, as in a run that trains only: the one that there is. */
async function onlySamples(folder: string): Promise<string> {
  const names = await readdir(folder);
  return names.find((name) => /^samples(-\d+)?$/.test(name)) ?? 'samples';
}

/** The classes that there is most to show of, in their order. */
function mostImages(classes: readonly ClassEvidence[]): ClassEvidence[] {
  const sizeOf = ({ accepted, rejected }: ClassEvidence) =>
    accepted.scores.length + rejected.scores.length;
  const largest = classes
    .filter((one) => sizeOf(one) > 0)
    .toSorted((a, b) => sizeOf(b) - sizeOf(a))
    .slice(0, MAX_SHOWN);
  return classes.filter((one) => largest.includes(one));
}
