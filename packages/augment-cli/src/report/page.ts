import { createHash } from 'node:crypto';
import { html, Html } from './html.js';
import { reportStyle } from './report-style.js';

/** What makes a page more than its text. */
export interface PageScript {
  /** Runs at the end of the page; nothing else may. */
  readonly script: string;
  /** What the script finds as JSON in the element `report-data`. */
  readonly data: unknown;
}

/** A self-contained page without network, and without scripts but for the one given. */
export function page(title: string, body: Html, active?: PageScript): string {
  const hash = createHash('sha256')
    .update(active?.script ?? '')
    .digest('base64');
  const policy = [
    "default-src 'none'",
    'img-src data:',
    "style-src 'unsafe-inline'",
    active ? `script-src 'sha256-${hash}'` : "script-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta http-equiv="Content-Security-Policy" content="${new Html(policy)}" />
        <title>${title}</title>
        <style>
          ${new Html(reportStyle)}
        </style>
      </head>
      <body>
        ${body}${active ? scripts(active) : ''}
      </body>
    </html> `.text;
}

/** The elements' text is exactly what was given: the hash is of it. */
function scripts({ script, data }: PageScript): Html {
  const json = JSON.stringify(data).replaceAll('<', '\\u003c');
  return new Html(
    `<script type="application/json" id="report-data">${json}</script><script>${script}</script>`,
  );
}

/** A PNG or WebP file inside the page. */
export function picture(
  image: Uint8Array,
  alt: string,
  size?: { readonly width: number; readonly height: number },
): Html {
  const bytes = Buffer.from(image);
  const type = bytes.toString('latin1', 1, 4) === 'PNG' ? 'png' : 'webp';
  const box = size ? html` width="${size.width}" height="${size.height}"` : '';
  return html`<img
    alt="${alt}"
    ${box}
    src="data:image/${type};base64,${bytes.toString('base64')}"
  />`;
}
