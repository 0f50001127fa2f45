import { html } from '../report/html.js';
import { keyHelp } from './page/keys.js';

/** The page's frame; its modules fill it. */
export function reviewPage(): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>evenset review</title>
        <link rel="icon" href="icon.svg" />
        <link rel="stylesheet" href="review.css" />
        <script type="module" src="main.js"></script>
      </head>
      <body>
        <header>
          <h1>Review <bdi id="run"></bdi></h1>
          <p id="progress"></p>
          <p id="saved" role="status">Loading…</p>
          <button id="undo" type="button" disabled>Undo</button>
          <button id="help-open" type="button" aria-haspopup="dialog">Keys</button>
        </header>
        <div id="problem" role="alert" hidden>
          <p id="problem-text"></p>
          <button id="retry" type="button">Try again</button>
        </div>
        <details id="filters" open>
          <summary>Filter <span id="shown"></span></summary>
          <form id="filter">
            <label
              >Class
              <select name="label"></select
            ></label>
            <label
              >Decision
              <select name="review">
                <option value="all">all</option>
                <option value="undecided">undecided</option>
                <option value="accepted">accepted</option>
                <option value="rejected">rejected</option>
              </select></label
            >
            <fieldset>
              <legend>Score</legend>
              <label>from <input name="minScore" type="number" min="0" max="1" step="any" /></label>
              <label>to <input name="maxScore" type="number" min="0" max="1" step="any" /></label>
            </fieldset>
            <fieldset>
              <legend>Novelty</legend>
              <label>from <input name="minNovelty" type="number" min="0" step="any" /></label>
              <label>to <input name="maxNovelty" type="number" min="0" step="any" /></label>
            </fieldset>
            <label
              >Order
              <select name="order">
                <option value="row">as generated</option>
                <option value="score">lowest score first</option>
                <option value="novelty">lowest novelty first</option>
                <option value="best">highest score first</option>
              </select></label
            >
            <button type="reset">Clear filter</button>
            <span id="bulk">
              <button id="renew" type="button" hidden>Filter again</button>
              <button id="accept-shown" type="button">Accept all shown</button>
              <button id="reject-shown" type="button">Reject all shown</button>
            </span>
          </form>
        </details>
        <main>
          <div
            id="grid"
            role="grid"
            tabindex="0"
            aria-label="Generated images"
            aria-describedby="grid-help"
          >
            <div id="space" role="presentation"></div>
          </div>
          <p id="empty" hidden>No image passes the filter.</p>
          <p id="grid-help" class="unseen">
            Arrow keys move, A accepts, R rejects, U undoes, question mark lists all keys.
          </p>
          <aside aria-label="The chosen image">
            <div class="pair">
              <figure>
                <img id="chosen" alt="" />
                <figcaption>generated</figcaption>
              </figure>
              <figure>
                <img id="nearest" alt="" />
                <figcaption>nearest real</figcaption>
              </figure>
            </div>
            <div class="decide">
              <button id="accept" type="button" aria-keyshortcuts="A">
                <span aria-hidden="true">✓</span> Accept
              </button>
              <button id="reject" type="button" aria-keyshortcuts="R">
                <span aria-hidden="true">✗</span> Reject
              </button>
              <button id="clear" type="button" aria-keyshortcuts="C">Clear</button>
            </div>
            <dl id="facts"></dl>
          </aside>
        </main>
        <p id="announcement" class="unseen" role="status"></p>
        <dialog id="help" aria-labelledby="help-title">
          <h2 id="help-title">Keys</h2>
          <table>
            <tbody>
              ${keyHelp.map(
                ([keys, what]) =>
                  html`<tr>
                    <th scope="row">${keys}</th>
                    <td>${what}</td>
                  </tr>`,
              )}
            </tbody>
          </table>
          <form method="dialog"><button>Close</button></form>
        </dialog>
      </body>
    </html> `.text;
}
