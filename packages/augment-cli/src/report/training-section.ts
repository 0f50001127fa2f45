import { formatDuration } from '../console/format.js';
import type { RunRecord } from '../run/run-record.js';
import type { StatsEntry } from '../run/stats-log.js';
import type { PastLook } from '../stages/past-looks.js';
import { html, type Html } from './html.js';
import { lookChart } from './look-chart.js';
import { lossChart } from './loss-chart.js';
import { picture } from './page.js';
import type { FilmFrame } from './read-film.js';

/** Everything that a training left behind. */
export interface TrainingStory {
  readonly training: RunRecord['training'];
  readonly entries: readonly StatsEntry[];
  /** Those that were not undone. */
  readonly looks: readonly PastLook[];
  readonly film: readonly FilmFrame[];
}

/** What was seen of the images and the losses during training. */
export function trainingSection({ training, entries, looks, film }: TrainingStory): Html {
  if (entries.length === 0 && film.length === 0) return html``;
  const chosen = looks.find(({ step }) => step === training?.chosen.step);
  return html`<section aria-labelledby="training">
    <h2 id="training">Training</h2>
    <p>${summary(training)}</p>
    ${(training?.faults ?? []).map(
      ({ step, reason, goodStep }) =>
        html`<p>At step ${step}, ${reason}; the last good step was ${goodStep}.</p>`,
    )}
    <div class="columns charts">
      ${lookChart(
        {
          title: 'Kernel distance to select images',
          measure: 'kernelDistance',
          note: 'The lower, the nearer to held-out images that training never saw.',
        },
        looks,
        chosen,
      )}
      ${lookChart(
        {
          title: 'Jensen-Shannon estimate',
          measure: 'jensenShannon',
          note: '0: the discriminator cannot tell generated from real. 0.69, the thin line: it always can.',
          reference: Math.LN2,
        },
        looks,
        chosen,
      )}
      ${lossChart(entries)}
    </div>
    ${filmStrip(film, training?.chosen.step)} ${lookTable(looks, training?.chosen.step)}
  </section>`;
}

function summary(training: RunRecord['training']): string {
  if (!training) return 'The training of this run has not ended.';
  const { totalSteps, seconds, chosen } = training;
  const how =
    chosen.kernelDistance === null
      ? 'the last one, because too few images are held out to choose by'
      : 'the one whose images were nearest to held-out real ones';
  return `${totalSteps.toLocaleString('en')} steps in ${formatDuration(seconds)}. The checkpoint of step ${chosen.step.toLocaleString('en')} generates: ${how}.`;
}

function filmStrip(film: readonly FilmFrame[], chosenStep: number | undefined): Html {
  if (film.length === 0) return html``;
  return html`<h3>The same noise over training</h3>
    <div class="film" tabindex="0" role="group" aria-label="Generated images over training">
      ${film.map(
        ({ step, image, width, height }) =>
          html`<figure>
            ${picture(image, `Generated images at step ${step}, a row for each class`, { width, height })}
            <figcaption>
              ${step.toLocaleString('en')}${step === chosenStep ? html`, <b>chosen</b>` : ''}
            </figcaption>
          </figure>`,
      )}
    </div>`;
}

function lookTable(looks: readonly PastLook[], chosenStep: number | undefined): Html {
  if (looks.length === 0) return html``;
  const heads = [
    'kernel distance',
    'Jensen-Shannon',
    'sign of train logits',
    'train - held-out logit',
    'least varied class',
  ];
  return html`<details>
    <summary>The figures of every look</summary>
    <div class="wide">
      <table class="figures">
        <thead>
          <tr>
            <th scope="col">step</th>
            ${heads.map((head) => html`<th scope="col">${head}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${looks.map(
            (look) =>
              html`<tr>
                <th scope="row">${look.step}${look.step === chosenStep ? ' (chosen)' : ''}</th>
                <td>${shown(look.kernelDistance, 4)}</td>
                <td>${shown(look.jensenShannon, 3)}</td>
                <td>${shown(look.trainLogitSign, 2)}</td>
                <td>${shown(look.logitGap, 2)}</td>
                <td>${leastVaried(look)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}

function leastVaried({ diversity }: PastLook): string {
  const [least] = Object.entries(diversity).sort(([, a], [, b]) => a - b);
  return least ? `${least[0]} ${least[1].toFixed(2)}` : '-';
}

function shown(value: number | undefined, digits: number): string {
  return value === undefined ? '-' : value.toFixed(digits);
}
