import type { Verdict } from './class-verdicts.js';
import { html, type Html } from './html.js';

const signs = { good: '✓', note: '!', bad: '✕' } as const;

/** Verdicts as a list: a sign and a word carry what the colour repeats. */
export function verdictList(verdicts: readonly Verdict[]): Html {
  return html`<ul class="verdicts">
    ${verdicts.map(
      ({ tone, word, text }) =>
        html`<li class="${tone}">
          <span class="sign" aria-hidden="true">${signs[tone]}</span>
          <span><b>${word}.</b> ${text}</span>
        </li>`,
    )}
  </ul>`;
}
