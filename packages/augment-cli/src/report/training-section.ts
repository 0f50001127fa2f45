import type { RunRecord } from '../run/run-record.js';
import type { PastLook } from '../stages/past-looks.js';
import { Html, html } from './html.js';

/** What was seen of the images and the discriminator during training, look by look. */
export function trainingSection(training: RunRecord['training'], looks: readonly PastLook[]): Html {
  if (!training || looks.length === 0) return html``;
  return html`<section>
    <h2>Training</h2>
    ${training.faults.map(
      ({ step, reason, goodStep }) =>
        html`<p>At step ${step}, ${reason}; the last good step was ${goodStep}.</p>`,
    )}
    <table>
      <thead>
        <tr>
          <th>step</th>
          <th>kernel distance</th>
          <th>Jensen-Shannon</th>
          <th>sign of train logits</th>
          <th>train - held-out logit</th>
          <th>least varied class</th>
        </tr>
      </thead>
      <tbody>
        ${looks.map(
          (look) =>
            html`<tr>
              <th>${look.step}${look.step === training.chosen.step ? ' (chosen)' : ''}</th>
              <td>${shown(look.kernelDistance, 4)}</td>
              <td>${shown(look.jensenShannon, 3)}</td>
              <td>${shown(look.trainLogitSign, 2)}</td>
              <td>${shown(look.logitGap, 2)}</td>
              <td>${leastVaried(look)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

function leastVaried({ diversity }: PastLook): string {
  const [least] = Object.entries(diversity).sort(([, a], [, b]) => a - b);
  return least ? `${least[0]} ${least[1].toFixed(2)}` : '-';
}

function shown(value: number | undefined, digits: number): string {
  return value === undefined ? '-' : value.toFixed(digits);
}
