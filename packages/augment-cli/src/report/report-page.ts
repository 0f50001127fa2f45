import { formatDuration } from '../console/format.js';
import type { ClassResult, RunRecord } from '../run/run-record.js';
import { classSection, type ShownClass } from './class-section.js';
import { classVerdicts } from './class-verdicts.js';
import { countSection } from './count-section.js';
import { glossary } from './glossary.js';
import { html, type Html } from './html.js';
import { pageScript } from './page-script.js';
import { page } from './page.js';
import type { ClassEvidence } from './read-evidence.js';
import { thresholdSection } from './threshold-controls.js';
import type { ThresholdData } from './threshold-grid.js';
import { trainingSection, type TrainingStory } from './training-section.js';
import { verdictList } from './verdict-list.js';

/** Everything that a report shows. */
export interface Report {
  readonly record: RunRecord;
  readonly story: TrainingStory;
  /** Of every class; empty where the run wrote no images yet. */
  readonly evidence: readonly ClassEvidence[];
  /** Classes that are shown with their images. */
  readonly classes: readonly ShownClass[];
  readonly thresholds: ThresholdData;
  readonly hasJudgements: boolean;
}

/** Lines of a list that every class may add to. */
const MAX_LINES = 60;

/** The report of a run: one self-contained page without network, whose script only moves what is on it. */
export function reportPage({
  record,
  story,
  evidence,
  classes,
  thresholds,
  hasJudgements,
}: Report): string {
  const hasImages = thresholds.classes.some(({ generated }) => generated.length > 0);
  return page(
    `evenset report: ${headline(record)}`,
    html`<header>
        <p class="kicker">evenset report</p>
        <h1>${headline(record)}</h1>
        <dl class="facts">
          <dt>Asked</dt>
          <dd>${asked(record)}</dd>
          <dt>Done</dt>
          <dd>${done(record)}</dd>
        </dl>
      </header>
      <main>
        ${verdictSection(record.classes, evidence)} ${countSection(record.classes)}
        ${hasImages ? thresholdSection(thresholds) : ''} ${classes.length > 1 ? jumps(classes) : ''}
        ${classes.map((one) => classSection(one, thresholds, hasJudgements))}
        ${hiddenClasses(record, classes)} ${trainingSection(story)} ${glossary()}
      </main>
      ${footer(record)}`,
    { script: pageScript, data: thresholds },
  );
}

function headline({ status, command, classes }: RunRecord): string {
  const accepted = sum(classes, ({ accepted }) => accepted);
  const missing = sum(classes, ({ missing, refused }) => missing + refused);
  if (status === 'running') return 'This run is not finished';
  if (command === 'train') return 'A trained model';
  return status === 'short'
    ? `Short of the target: ${count(accepted)} of ${count(missing)} missing images`
    : `Target reached: ${count(accepted)} images added`;
}

function asked({ options, command, inputs }: RunRecord): string {
  const { targetPerClass, target, minScore, budget, seed } = options;
  const targets = [
    ...(typeof targetPerClass === 'number'
      ? [`${count(targetPerClass)} train images per class`]
      : []),
    ...(Array.isArray(target) ? target.map(String) : []),
  ];
  const goal =
    command === 'train'
      ? 'Train a model'
      : `Fill up the classes to ${targets.length > 0 ? targets.join(', ') : 'the size of the largest'}`;
  const from = inputs.manifest.split(/[\\/]/).at(-1) ?? inputs.manifest;
  const rule = typeof minScore === 'number' ? `, keeping scores from ${minScore}` : '';
  return `${goal}, from ${count(inputs.images)} real images of ${from}${rule}. Training budget ${String(budget)}, seed ${String(seed)}.`;
}

function done({ engine, training, model, options, classes }: RunRecord): string {
  const name = typeof options.model === 'string' ? options.model : 'a model';
  const side = `${model.size}x${model.size}${model.channels === 1 ? ' grey' : ''}`;
  const trained = training
    ? `Trained ${name} at ${side} pixels for ${count(training.totalSteps)} steps in ${formatDuration(training.seconds)} on ${engine.name} (${engine.device}).`
    : `Training ${name} at ${side} pixels has not ended.`;
  const attempts = sum(classes, ({ attempts }) => attempts);
  const accepted = sum(classes, ({ accepted }) => accepted);
  return attempts === 0
    ? trained
    : `${trained} Of ${count(attempts)} candidates, ${count(accepted)} were accepted.`;
}

function verdictSection(classes: readonly ClassResult[], evidence: readonly ClassEvidence[]): Html {
  const judged = new Map(evidence.map((one) => [one.label, one]));
  // A class that was complete has nothing to tell.
  const told = classes.filter(({ missing, refused }) => missing + refused > 0);
  if (told.length === 0) return html``;
  const shown = told.slice(0, MAX_LINES);
  return html`<section aria-labelledby="verdicts">
    <h2 id="verdicts">What to know</h2>
    <div class="verdict-grid">
      ${shown.map(
        (result) =>
          html`<div>
            <h3><bdi>${result.label}</bdi></h3>
            ${verdictList(classVerdicts(result, judged.get(result.label)))}
          </div>`,
      )}
    </div>
    ${shown.length < told.length ? html`<p class="quiet">The first ${MAX_LINES} of ${count(told.length)} classes; run.json has all of them.</p>` : ''}
  </section>`;
}

function jumps(classes: readonly ShownClass[]): Html {
  return html`<nav aria-label="Classes">
    <ul>
      ${classes.map(
        ({ index, result }) =>
          html`<li>
            <a href="#class-${index}"><bdi>${result.label}</bdi></a>
          </li>`,
      )}
    </ul>
  </nav>`;
}

function hiddenClasses({ classes: all }: RunRecord, shown: readonly ShownClass[]): Html {
  const made = all.filter(({ attempts }) => attempts > 0).length;
  if (made <= shown.length) return html``;
  return html`<p class="quiet">
    ${count(made - shown.length)} more classes are counted above but not shown with images, so that
    this page stays small; their images lie in the output folder.
  </p>`;
}

function footer({ warnings, versions, startedAt, inputs, generator }: RunRecord): Html {
  const shown = warnings.slice(0, MAX_LINES);
  return html`<footer>
    ${
      shown.length === 0
        ? ''
        : html`<h2>Warnings of the run</h2>
            <ul class="warnings">
              ${shown.map((warning) => html`<li>${warning}</li>`)}
              ${shown.length < warnings.length ? html`<li>${count(warnings.length - shown.length)} more in run.json.</li>` : ''}
            </ul>`
    }
    <p class="quiet">
      evenset ${versions.evenset ?? ''}, run of ${startedAt.slice(0, 10)}. Manifest
      <code>${inputs.manifestSha256.slice(0, 12)}</code>, generator
      <code>${generator?.slice(0, 12) ?? '-'}</code>. <code>augment report --run</code> makes this
      page again.
    </p>
  </footer>`;
}

function count(value: number): string {
  return value.toLocaleString('en');
}

function sum<T>(items: readonly T[], valueOf: (item: T) => number): number {
  return items.reduce((total, item) => total + valueOf(item), 0);
}
