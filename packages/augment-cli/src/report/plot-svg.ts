import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { html, Html } from './html.js';

/**
 * A chart as one SVG element, drawn without a browser.
 *
 * @param axis names the horizontal axis for the page's script, which is told where its ends lie
 */
export function plotSvg(
  description: string,
  options: Plot.PlotOptions,
  axis?: 'score' | 'novelty',
): Html {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const chart = Plot.plot({ document, ...options });
  chart.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  const scale = axis ? chart.scale('x') : undefined;
  if (axis && scale?.domain) {
    const [from, to] = scale.domain as Iterable<number>;
    const place = (value: number | undefined) => scale.apply(value) as number;
    const ends = { axis, from, to, left: place(from), right: place(to) };
    for (const [name, value] of Object.entries(ends)) {
      chart.setAttribute(`data-${name}`, String(value));
    }
  }
  // The drawing's own serialiser leaves "<" and "&" of attributes as they are.
  const named = html`<svg role="img" aria-label="${description}" `;
  return new Html(chart.outerHTML.replace('<svg ', () => named.text));
}
