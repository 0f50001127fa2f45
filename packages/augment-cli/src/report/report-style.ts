/** The report's style sheet. */
export const reportStyle = `
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1c2422; background: #fbfaf7; }
h1, h2, h3 { line-height: 1.2; }
h3 { font-size: 1rem; color: #5a6662; }
th { overflow-wrap: anywhere; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .75rem; text-align: right; border-bottom: 1px solid #dcd9d0; }
th:first-child { text-align: left; }
.done { color: #22684a; font-weight: 600; }
.short { color: #a03b22; font-weight: 600; }
.warnings { background: #fff4df; padding: .75rem 2rem; }
.grid { display: grid; grid-template-columns: repeat(auto-fill, 48px); gap: 3px; }
.grid img { width: 48px; height: 48px; image-rendering: pixelated; }
section svg, .sheet img { max-width: 100%; height: auto; }
.sheet img { width: 32rem; image-rendering: pixelated; }
@media (prefers-color-scheme: dark) {
  body { color: #e7e4dc; background: #191c1b; }
  h3 { color: #a5afab; }
  th, td { border-color: #3a403e; }
  .done { color: #7fd0a8; }
  .short { color: #f09a80; }
  .warnings { background: #3b3120; }
  svg { background: #fbfaf7; }
}
`;
