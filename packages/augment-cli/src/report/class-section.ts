import { formatShare } from '../console/format.js';
import type { ClassResult } from '../run/run-record.js';
import { chartColours } from './chart-colours.js';
import { classVerdicts } from './class-verdicts.js';
import { figureHistogram } from './figure-histogram.js';
import { html, type Html } from './html.js';
import { picture } from './page.js';
import { qualityFigures } from './quality-section.js';
import type { ClassEvidence } from './read-evidence.js';
import type { ClassSheets, ShownImage, ShownRejected } from './read-sheets.js';
import { sliders } from './threshold-controls.js';
import { stepsReached, type ThresholdData } from './threshold-grid.js';
import { verdictList } from './verdict-list.js';

/** What is needed to show one class. */
export interface ShownClass {
  /** Its number on the page. */
  readonly index: number;
  readonly result: ClassResult;
  readonly evidence: ClassEvidence;
  readonly sheets: ClassSheets;
}

const reasons: Readonly<Record<string, string>> = {
  'not-selected':
    'good enough, but others were drawn: few are kept of many, the more real ones the likelier',
  'other-class': 'a classifier of the real images takes them for another class',
  'low-score': 'scores below the smallest score that was asked for',
  'near-copy': 'nearer to a train image than fresh real images are; the train image beside it',
  'near-duplicate': 'nearly the same as an image that was accepted before',
};

/** Everything about one class: verdicts, sliders, sheets, pairs, histograms and figures. */
export function classSection(
  { index, result, evidence, sheets }: ShownClass,
  data: ThresholdData,
  hasJudgements: boolean,
): Html {
  const heading = `class-${index}`;
  return html`<section class="class" aria-labelledby="${heading}" data-section="${index}">
    <h2 id="${heading}"><bdi>${result.label}</bdi></h2>
    ${verdictList(classVerdicts(result, evidence))}
    <div class="needs-script" hidden>
      ${sliders(index, result.label, data)}
      <p class="kept" data-kept="${index}"></p>
    </div>
    <div class="sheets">${acceptedSheet(sheets, evidence, data)} ${realSheet(sheets, result)}</div>
    ${closestPairs(sheets, data)} ${rejectedSheets(sheets, result, hasJudgements)}
    ${histograms(evidence, data, hasJudgements)}
    <h3>How near to real images</h3>
    <div class="columns">${qualityFigures(result)}</div>
  </section>`;
}

function acceptedSheet(
  { sheet: accepted }: ClassSheets,
  { generated }: ClassEvidence,
  data: ThresholdData,
): Html {
  return html`<figure class="block">
    <h3>Accepted</h3>
    ${
      accepted.length === 0
        ? html`<p class="empty">No image was accepted.</p>`
        : html`<div class="sheet">
            ${accepted.map(
              (one) =>
                html`<span ${reached(one, data)}
                  >${shownPicture(one.image, `Generated, score ${one.score.toFixed(2)}, novelty ${one.novelty.toFixed(2)}`)}</span
                >`,
            )}
          </div>`
    }
    <figcaption>
      ${
        accepted.length < generated.scores.length
          ? `${accepted.length} of ${generated.scores.length.toLocaleString('en')}, over all scores.`
          : ''
      }
      The best score comes first. <span data-shown></span>
    </figcaption>
  </figure>`;
}

function realSheet({ real }: ClassSheets, { real: count }: ClassResult): Html {
  if (real.length === 0) return html``;
  return html`<figure class="block">
    <h3>Real, for comparison</h3>
    <div class="sheet">${real.map((image) => shownPicture(image, 'Real train image'))}</div>
    <figcaption>${real.length} of ${count.toLocaleString('en')} real train images.</figcaption>
  </figure>`;
}

function closestPairs({ closest: pairs }: ClassSheets, data: ThresholdData): Html {
  if (pairs.length === 0) return html``;
  return html`<figure class="block">
    <h3>Nearest to a train image</h3>
    <p class="quiet">
      The accepted images with the smallest novelty, each left of the real train image nearest to
      it. If these are no copies, none is.
    </p>
    <div class="pairs sheet">
      ${pairs.map(
        (one) =>
          html`<figure class="pair" ${reached(one, data)}>
            ${shownPicture(one.image, `Generated, score ${one.score.toFixed(2)}`)}${shownPicture(
              one.nearestImage,
              `Nearest train image ${one.nearestPath ?? 'unknown'}`,
            )}
            <figcaption>${one.novelty.toFixed(2)}</figcaption>
          </figure>`,
      )}
    </div>
    <figcaption>
      The number is the novelty: 1 is the distance below which an image counts as a copy.
      <span data-shown></span>
    </figcaption>
  </figure>`;
}

function rejectedSheets(
  { shownRejected: rejected }: ClassSheets,
  { rejected: counts, attempts }: ClassResult,
  hasJudgements: boolean,
): Html {
  const all = Object.entries(counts).filter(([, count]) => count > 0);
  if (all.length === 0) {
    return html`<h3>Rejected</h3>
      <p class="empty">No candidate was rejected.</p>`;
  }
  return html`<h3>Rejected</h3>
    ${
      hasJudgements
        ? ''
        : html`<p class="empty">
            This run keeps no judgements.arrow, so that rejected images cannot be shown.
          </p>`
    }
    <div class="sheets">
      ${all
        .sort(([, a], [, b]) => b - a)
        .map(
          ([reason, count]) =>
            html`<figure class="block">
              <h4>${reason}: ${count.toLocaleString('en')} (${formatShare(count, attempts)})</h4>
              ${rejectedSheet(rejected.get(reason) ?? [])}
              <figcaption>${reasons[reason] ?? ''}</figcaption>
            </figure>`,
        )}
    </div>`;
}

function rejectedSheet(shown: readonly ShownRejected[]): Html {
  if (shown.length === 0) return html``;
  return html`<div class="sheet">
    ${shown.map((one) => {
      const novelty = Number.isNaN(one.novelty) ? '' : `, novelty ${one.novelty.toFixed(2)}`;
      const alt = `Rejected as ${one.reason}, score ${one.score.toFixed(2)}${novelty}`;
      return one.nearestImage
        ? html`<span class="pair"
            >${shownPicture(one.image, alt)}${shownPicture(one.nearestImage, 'Its nearest train image')}</span
          >`
        : shownPicture(one.image, alt);
    })}
  </div>`;
}

function histograms(
  { accepted, rejected, heldOut }: ClassEvidence,
  { scores, novelties, start }: ThresholdData,
  hasJudgements: boolean,
): Html {
  const groups = (key: 'scores' | 'novelties') => [
    { name: 'held-out real', colour: chartColours.real, values: heldOut[key] },
    { name: 'accepted', colour: chartColours.accepted, values: accepted[key] },
    { name: 'rejected', colour: chartColours.rejected, values: rejected[key] },
  ];
  if (accepted.scores.length + rejected.scores.length === 0) return html``;
  const missing = hasJudgements ? '' : ' Of the accepted images only.';
  return html`<div class="columns charts">
    <figure>
      <h3>Scores</h3>
      ${figureHistogram('score', groups('scores'), { largest: 1, threshold: scores[start.score] ?? 0 })}
      <figcaption>
        Each kind by score, its fullest bar as high as the others'. Fresh real images spread evenly.
        The dashed line is the smallest score kept.${missing}
      </figcaption>
    </figure>
    <figure>
      <h3>Novelty</h3>
      ${figureHistogram('novelty', groups('novelties'), { largest: novelties.at(-1) ?? 2, threshold: novelties[start.novelty] ?? 0, fixed: 1 })}
      <figcaption>
        Each kind by novelty. Left of the thin line at 1 an image counts as a copy of a train image;
        the dashed line is the smallest novelty kept.${missing}
      </figcaption>
    </figure>
  </div>`;
}

/** How many steps of each slider an image reaches, for the page's script. */
function reached({ score, novelty }: ShownImage, { scores, novelties }: ThresholdData): Html {
  return html`data-score="${stepsReached(score, scores)}"
  data-novelty="${stepsReached(novelty, novelties)}"`;
}

function shownPicture(image: Buffer | undefined, alt: string): Html {
  return image
    ? picture(image, alt)
    : html`<span class="gone" role="img" aria-label="${alt}, no longer there">?</span>`;
}
