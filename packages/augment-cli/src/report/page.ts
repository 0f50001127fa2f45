import { html, Html } from './html.js';
import { reportStyle } from './report-style.js';

/** A self-contained page without scripts or network. */
export function page(title: string, body: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"
        />
        <title>${title}</title>
        <style>
          ${new Html(reportStyle)}
        </style>
      </head>
      <body>
        ${body}
      </body>
    </html> `.text;
}

/** A PNG file inside the page. */
export function picture(png: Uint8Array, alt = ''): Html {
  return html`<img
    alt="${alt}"
    src="data:image/png;base64,${Buffer.from(png).toString('base64')}"
  />`;
}
