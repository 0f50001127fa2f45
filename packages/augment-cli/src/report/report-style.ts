/** The style sheet of our pages: light, dark, phone and paper. */
export const reportStyle = `
:root {
  color-scheme: light dark;
  --paper: #fbfaf7; --card: #ffffff; --ink: #1c2422; --muted: #5a6662; --line: #dcd9d0;
  --link: #1d5c8a; --good: #22684a; --note: #7a5200; --bad: #a03b22; --shade: #f1eee6;
  --real: #2d6fa3; --earlier: #8a7fb8; --accepted: #2f7d5b; --rejected: #b4553c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #191c1b; --card: #212524; --ink: #e7e4dc; --muted: #a5afab; --line: #3a403e;
    --link: #8cc4ee; --good: #7fd0a8; --note: #e8bd6a; --bad: #f09a80; --shade: #262b2a;
    --real: #6fb0e0; --earlier: #b3a8e0; --accepted: #5fbf94; --rejected: #e08a70;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
body { font: 16px/1.55 system-ui, -apple-system, "Segoe UI", sans-serif; margin: 0 auto; max-width: 70rem; padding: 2rem 1.25rem 4rem; color: var(--ink); background: var(--paper); }
h1, h2, h3, h4 { line-height: 1.2; text-wrap: balance; overflow-wrap: anywhere; }
h1 { font-size: clamp(1.6rem, 4.5vw, 2.3rem); margin: 0 0 1rem; letter-spacing: -.015em; }
h2 { font-size: 1.4rem; margin: 0 0 .75rem; letter-spacing: -.01em; }
svg + h2 { margin-top: 2rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
h4 { font-size: .9rem; margin: 0 0 .4rem; font-weight: 600; }
p { max-width: 44rem; margin: 0 0 .75rem; }
a { color: var(--link); }
section { border-top: 1px solid var(--line); margin-top: 2.5rem; padding-top: 1.75rem; }
footer { border-top: 1px solid var(--line); margin-top: 3rem; padding-top: 1.5rem; }
.kicker { color: var(--muted); font-size: .85rem; letter-spacing: .06em; text-transform: uppercase; margin: 0 0 .35rem; }
.quiet, figcaption { color: var(--muted); font-size: .85rem; }
figcaption { max-width: 34rem; margin-top: .35rem; }
.empty { color: var(--muted); font-style: italic; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: .4rem 1.25rem; margin: 0; max-width: 50rem; }
.facts dt { color: var(--muted); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
figure { margin: 0; min-width: 0; }
svg { max-width: 100%; height: auto; display: block; overflow: visible; }
svg text { font-family: system-ui, -apple-system, "Segoe UI", sans-serif; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .92rem; }
th, td { padding: .35rem .6rem; text-align: right; border-bottom: 1px solid var(--line); font-weight: 400; }
thead th { color: var(--muted); font-size: .82rem; vertical-align: bottom; }
th:first-child { text-align: left; padding-left: 0; overflow-wrap: anywhere; }
tbody th { min-width: 5.5rem; max-width: 20rem; }
tbody th bdi { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; }
.wide { overflow-x: auto; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 1rem 2.5rem; align-items: start; }
.charts { grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr)); margin-top: .5rem; }
.columns svg { width: 100%; max-width: 30rem; }
.counts { grid-template-columns: minmax(min(100%, 20rem), 5fr) minmax(0, 6fr); }
.charts h3 { margin-top: .75rem; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; margin: 0 0 .5rem; }
.legend i { display: inline-block; width: .8rem; height: .8rem; margin-right: .4rem; vertical-align: -.08rem; border-radius: 2px; }
.legend .real { background: var(--real); } .legend .generated { background: var(--earlier); } .legend .accepted { background: var(--accepted); }
.legend .target { width: 3px; border-radius: 0; background: var(--ink); }
.verdict-grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr)); gap: 1.25rem 2rem; }
.verdict-grid h3 { margin: 0 0 .35rem; }
.verdicts { list-style: none; margin: 0 0 .5rem; padding: 0; }
.verdicts li { display: grid; grid-template-columns: 1.5rem 1fr; margin-bottom: .35rem; max-width: 46rem; }
.verdicts b { font-weight: 600; }
.sign { font-weight: 700; }
.good .sign, .good b { color: var(--good); } .note .sign, .note b { color: var(--note); } .bad .sign, .bad b { color: var(--bad); }
.verdict-grid .verdicts { font-size: .92rem; }
nav ul { display: flex; flex-wrap: wrap; gap: .4rem; list-style: none; margin: 2.5rem 0 -1rem; padding: 0; }
nav a { display: block; max-width: 16rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; padding: .3rem .8rem; border: 1px solid var(--line); border-radius: 99px; background: var(--card); text-decoration: none; }
nav a:hover { border-color: var(--link); }
.sheets { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr)); gap: 1.25rem 2.5rem; margin-top: .75rem; align-items: start; }
.sheets h3 { margin-top: 0; }
.sheet { display: flex; flex-wrap: wrap; gap: 3px; }
.sheet > span { display: block; }
[hidden] { display: none !important; }
.sheet img, .gone { width: 54px; height: 54px; display: block; background: var(--shade); border-radius: 2px; object-fit: contain; }
.gone { display: grid; place-items: center; color: var(--muted); border: 1px dashed var(--line); }
.pairs { gap: .75rem; margin-bottom: .25rem; }
.sheet > .pair { display: grid; grid-template-columns: auto auto; gap: 2px; background: var(--shade); padding: 3px; border-radius: 4px; }
.pair figcaption { grid-column: 1 / -1; margin: .1rem 0 0; text-align: center; font-variant-numeric: tabular-nums; }
.film { display: flex; gap: .6rem; overflow-x: auto; padding-bottom: .5rem; }
.film figure { flex: 1 1 0; min-width: 6.5rem; max-width: 11rem; }
.film img { width: 100%; height: auto; display: block; border-radius: 2px; }
.film figcaption { text-align: center; font-variant-numeric: tabular-nums; }
.thresholds { border: 1px solid var(--line); border-radius: 10px; background: var(--card); padding: 1.25rem 1.25rem .75rem; }
.sliders { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); gap: .35rem 2.5rem; max-width: 50rem; margin: .5rem 0; }
.slider { display: grid; grid-template-columns: 1fr 3.2rem; align-items: center; }
.slider input { grid-column: 1 / -1; grid-row: 2; width: 100%; margin: 0; min-height: 1.75rem; accent-color: var(--accepted); }
.slider output { text-align: right; font-variant-numeric: tabular-nums; font-weight: 600; }
.kept { font-variant-numeric: tabular-nums; min-height: 1.55em; }
.command pre { margin: .25rem 0 .6rem; padding: .7rem .9rem; background: var(--shade); border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; font: .85rem/1.5 ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace; max-height: 14rem; overflow-y: auto; }
.actions { display: flex; flex-wrap: wrap; gap: .6rem; align-items: center; margin-bottom: .5rem; }
button { font: inherit; color: var(--ink); background: var(--paper); border: 1px solid var(--muted); border-radius: 6px; padding: .4rem .9rem; cursor: pointer; }
button:hover { background: var(--shade); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 3px; }
details { margin-top: 1rem; }
summary { cursor: pointer; padding: .25rem 0; }
.glossary { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .5rem 1.5rem; max-width: 54rem; margin: 0; font-size: .92rem; }
.glossary dt { font-weight: 600; } .glossary dd { margin: 0; }
.warnings { padding-left: 1.2rem; font-size: .92rem; } .warnings li { overflow-wrap: anywhere; margin-bottom: .25rem; }
code { font-family: ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace; font-size: .92em; }
.models img { max-width: 100%; width: 32rem; height: auto; image-rendering: pixelated; }
@media (max-width: 54rem) {
  .counts { grid-template-columns: minmax(0, 1fr); }
}
@media (max-width: 34rem) {
  body { padding: 1.25rem 1rem 3rem; }
  .facts, .glossary { grid-template-columns: 1fr; gap: .1rem; }
  .facts dd, .glossary dd { margin-bottom: .6rem; }
  th, td { padding: .3rem .4rem; }
}
@media print {
  :root { --paper: #fff; --card: #fff; --ink: #000; --muted: #444; --line: #bbb; --shade: #f2f2f2; --link: #000; --good: #22684a; --note: #7a5200; --bad: #a03b22; --real: #2d6fa3; --earlier: #8a7fb8; --accepted: #2f7d5b; --rejected: #b4553c; }
  body { font-size: 10.5pt; max-width: none; padding: 0; }
  .sliders, .actions, nav { display: none !important; }
  section { break-inside: auto; margin-top: 1.2rem; padding-top: 1rem; }
  section.class { break-before: page; border-top: 0; }
  h2, h3, h4 { break-after: avoid; }
  figure, li, tr { break-inside: avoid; }
  .film { flex-wrap: wrap; overflow: visible; }
  .command pre { max-height: none; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
