import { html, type Html } from './html.js';
import type { ThresholdData } from './threshold-grid.js';
import { filterCommand } from './filter-command.js';

/** The sliders of all classes together, what they keep, and the command that keeps it. */
export function thresholdSection(data: ThresholdData): Html {
  const { score, novelty } = startOf(data);
  return html`<section class="thresholds" aria-labelledby="thresholds">
    <h2 id="thresholds">Be stricter afterwards</h2>
    <p>
      Raise the smallest score or novelty, here for all classes or below for one: counts, sheets and
      the command follow. Nothing is changed until you run the command, and it generates nothing
      anew.
    </p>
    <div class="needs-script" hidden>
      ${sliders('all', 'all classes', data)}
      <p role="status" class="kept"><b data-kept="all"></b></p>
    </div>
    <div class="command">
      <pre
        tabindex="0"
        aria-label="Command"
      ><code id="command">${filterCommand('', { score, novelty }, [])}</code></pre>
      <div class="needs-script actions" hidden>
        <button type="button" id="copy">Copy the command</button>
        <button type="button" id="reset">Back to the run's thresholds</button>
        <span id="copied" role="status"></span>
      </div>
    </div>
  </section>`;
}

/** The two sliders of a class, or of all of them. */
export function sliders(of: number | 'all', name: string, data: ThresholdData): Html {
  const start = startOf(data);
  return html`<div class="sliders" role="group" aria-label="Thresholds of ${name}">
    ${(['score', 'novelty'] as const).map((threshold) => {
      const steps = threshold === 'score' ? data.scores : data.novelties;
      const id = `${threshold}-${of}`;
      return html`<div class="slider">
        <label for="${id}">Smallest ${threshold}</label>
        <input
          type="range"
          id="${id}"
          data-of="${of}"
          data-threshold="${threshold}"
          min="0"
          max="${steps.length - 1}"
          value="${data.start[threshold]}"
          autocomplete="off"
        />
        <output for="${id}">${start[threshold].toFixed(2)}</output>
      </div>`;
    })}
  </div>`;
}

function startOf({ scores, novelties, start }: ThresholdData) {
  return { score: scores[start.score] ?? 0, novelty: novelties[start.novelty] ?? 0 };
}
