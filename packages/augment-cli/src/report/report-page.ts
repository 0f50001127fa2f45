import { formatDuration, formatShare } from '../console/format.js';
import type { ClassResult, RunRecord } from '../run/run-record.js';
import type { PastLook } from '../stages/past-looks.js';
import { html, type Html } from './html.js';
import { page, picture } from './page.js';
import { scoreHistogram, type ScorePoint } from './score-histogram.js';
import { trainingSection } from './training-section.js';

/** What the report shows of one class besides its counts. */
export interface ClassGallery {
  readonly label: string;
  /** PNG files of accepted images. */
  readonly generated: readonly Uint8Array[];
  /** PNG files of real images, for comparison. */
  readonly real: readonly Uint8Array[];
  readonly scores: readonly ScorePoint[];
}

/** The report of a finished run: one self-contained page without scripts or network. */
export function reportPage(
  record: RunRecord,
  looks: readonly PastLook[],
  galleries: readonly ClassGallery[],
): string {
  const accepted = sum(record.classes, ({ accepted }) => accepted);
  const missing = sum(record.classes, ({ missing, refused }) => missing + refused);
  const verdict =
    record.status === 'short'
      ? `Short of the target: ${accepted} of ${missing} missing images were accepted.`
      : `Target reached: ${accepted} images were accepted.`;
  return page(
    'evenset report',
    html`<header>
        <h1>evenset report</h1>
        <p class="${record.status}">${verdict}</p>
        <p>${runLine(record)}</p>
        ${warningList(record)}
      </header>
      ${trainingSection(record.training, looks)}
      <section>
        <h2>Counts</h2>
        ${countTable(record.classes)}
      </section>
      <section>
        <h2>Rejected candidates</h2>
        ${rejectTable(record.classes)}
      </section>
      ${galleries.map((gallery) => classSection(gallery, record))}`,
  );
}

function runLine({ engine, training, model, inputs }: RunRecord): string {
  const trained = training
    ? `${training.totalSteps} training steps in ${formatDuration(training.seconds)}, the checkpoint of step ${training.chosen.step}`
    : 'no training';
  return `${inputs.images} real images, ${model.size}x${model.size}x${model.channels}, ${trained} on ${engine.name} (${engine.device}).`;
}

function warningList({ warnings }: RunRecord): Html {
  if (warnings.length === 0) return html``;
  return html`<ul class="warnings">
    ${warnings.map((warning) => html`<li>${warning}</li>`)}
  </ul>`;
}

function countTable(classes: readonly ClassResult[]): Html {
  return html`<table>
    <thead>
      <tr>
        <th>class</th>
        <th>real</th>
        <th>generated before</th>
        <th>target</th>
        <th>missing</th>
        <th>accepted</th>
        <th>candidates</th>
      </tr>
    </thead>
    <tbody>
      ${classes.map(
        (one) =>
          html`<tr>
            <th>${one.label}</th>
            <td>${one.real}</td>
            <td>${one.generated}</td>
            <td>${one.target}</td>
            <td>${one.missing + one.refused}</td>
            <td>${one.accepted}</td>
            <td>${one.attempts}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function rejectTable(classes: readonly ClassResult[]): Html {
  const sampled = classes.filter(({ attempts }) => attempts > 0);
  const reasons = [...new Set(sampled.flatMap(({ rejected }) => Object.keys(rejected)))];
  if (sampled.length === 0) return html`<p>No candidates were drawn.</p>`;
  return html`<table>
    <thead>
      <tr>
        <th>class</th>
        ${reasons.map((reason) => html`<th>${reason}</th>`)}
        <th>score calibrated on</th>
        <th>novelty measured on</th>
      </tr>
    </thead>
    <tbody>
      ${sampled.map(
        (one) =>
          html`<tr>
            <th>${one.label}</th>
            ${reasons.map((reason) => {
              const count = one.rejected[reason] ?? 0;
              return html`<td>${count} (${formatShare(count, one.attempts)})</td>`;
            })}
            <td>${one.calibrationImages} held-out images</td>
            <td>${one.noveltyBasis ?? '-'}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function classSection(gallery: ClassGallery, record: RunRecord): Html {
  const minScore = Number(record.options.minScore ?? 0);
  return html`<section>
    <h2>${gallery.label}</h2>
    <h3>Generated and accepted</h3>
    <div class="grid">${gallery.generated.map((png) => picture(png))}</div>
    <h3>Real, for comparison</h3>
    <div class="grid">${gallery.real.map((png) => picture(png))}</div>
    <h3>Scores of all candidates</h3>
    ${scoreHistogram(gallery.scores, minScore)}
  </section>`;
}

function sum<T>(items: readonly T[], valueOf: (item: T) => number): number {
  return items.reduce((total, item) => total + valueOf(item), 0);
}
