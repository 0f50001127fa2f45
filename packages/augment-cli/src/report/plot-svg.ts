import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { Html } from './html.js';

/** A chart as one SVG element, drawn without a browser. */
export function plotSvg(description: string, options: Plot.PlotOptions): Html {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const chart = Plot.plot({ document, ...options });
  chart.setAttribute('role', 'img');
  chart.setAttribute('aria-label', description);
  chart.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return new Html(chart.outerHTML);
}
