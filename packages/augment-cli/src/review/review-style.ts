/** The review page's style sheet. */
export const reviewStyle = `
:root { --ink: #1c2422; --soft: #5a6662; --page: #fbfaf7; --card: #ffffff; --line: #dcd9d0; --tile-back: #ecebe5;
  --good: #22684a; --bad: #a03b22; --focus: #1f5fbf; --warn: #fff1d6; color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e7e4dc; --soft: #a5afab; --page: #191c1b; --card: #222625; --line: #3a403e; --tile-back: #2b302e;
    --good: #7fd0a8; --bad: #f09a80; --focus: #8ab8ff; --warn: #3b3120; }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html, body { height: 100%; }
body { margin: 0; display: flex; flex-direction: column; font: 15px/1.4 system-ui, sans-serif; color: var(--ink); background: var(--page); }
h1 { font-size: 1.1rem; margin: 0; overflow-wrap: anywhere; }
p { margin: 0; }
header { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem 1rem; padding: .6rem 1rem; border-bottom: 1px solid var(--line); }
#progress { color: var(--soft); font-variant-numeric: tabular-nums; }
#saved { margin-left: auto; color: var(--soft); font-variant-numeric: tabular-nums; }
#saved::before { content: "●"; margin-right: .4em; color: var(--soft); }
#saved[data-state=saved]::before { color: var(--good); }
#saved[data-state=failed], #saved[data-state=failed]::before { color: var(--bad); }
button, select, input { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .25rem .6rem; }
button { cursor: pointer; }
button:hover:enabled { border-color: var(--soft); }
button:disabled { opacity: .5; cursor: default; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 1px; }
#problem { display: flex; align-items: center; gap: 1rem; padding: .6rem 1rem; background: var(--warn); border-bottom: 2px solid var(--bad); overflow-wrap: anywhere; }
#filters { padding: .4rem 1rem; border-bottom: 1px solid var(--line); }
#filters summary { cursor: pointer; width: max-content; }
#shown { color: var(--soft); margin-left: .5rem; font-variant-numeric: tabular-nums; }
#filter { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem 1rem; margin-top: .4rem; }
#bulk { display: flex; flex-wrap: wrap; gap: .4rem; margin-left: auto; }
#filter select { max-width: 12rem; }
fieldset { display: flex; align-items: center; gap: .5rem; border: 0; margin: 0; padding: 0; }
legend { float: left; padding: 0; margin-right: .2rem; }
fieldset input { width: 4.5rem; }
main { flex: 1; min-height: 0; display: grid; grid-template-columns: 1fr 22rem; position: relative; }
#grid { overflow-y: auto; overflow-x: hidden; contain: strict; height: 100%; }
#grid:focus-visible { outline: 2px solid var(--focus); outline-offset: -2px; }
#space { position: relative; contain: layout style; }
#empty { position: absolute; padding: 2rem; color: var(--soft); }
.row { position: absolute; top: 0; left: 0; display: flex; will-change: transform; }
.cell { position: relative; width: var(--tile); height: var(--tile); padding: 4px; border-radius: 8px; cursor: pointer; }
.cell img { display: block; width: 100%; height: 100%; object-fit: contain; border-radius: 5px; background: var(--tile-back); image-rendering: pixelated; }
.cell img:not([src]) { visibility: hidden; }
.cell.missing::after { content: "no image"; position: absolute; inset: 4px; display: grid; place-items: center; font-size: .75rem; color: var(--soft); background: var(--tile-back); border-radius: 5px; }
.cell[data-review=accepted] { box-shadow: inset 0 0 0 4px var(--good); }
.cell[data-review=rejected] { box-shadow: inset 0 0 0 4px var(--bad); }
.cell[data-review=rejected] img { opacity: .45; }
.cell[aria-selected=true]::before { content: ""; position: absolute; inset: 0; border: 3px solid var(--focus); box-shadow: inset 0 0 0 2px var(--page); border-radius: 8px; pointer-events: none; z-index: 1; }
.mark:empty { display: none; }
.mark { position: absolute; top: 6px; left: 6px; width: 1.35rem; height: 1.35rem; display: grid; place-items: center; border-radius: 50%; font-size: .85rem; font-weight: 700; color: var(--page); background: var(--good); }
[data-review=rejected] .mark { background: var(--bad); }
.quick { display: none; position: absolute; bottom: 7px; padding: 0; width: 1.7rem; height: 1.7rem; border-radius: 50%; font-weight: 700; }
.quick.accept { left: 8px; color: var(--good); }
.quick.reject { right: 8px; color: var(--bad); }
@media (hover: hover) { .cell:hover .quick { display: block; } }
aside { border-left: 1px solid var(--line); padding: 1rem; overflow-y: auto; background: var(--card); }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: .6rem; }
figure { margin: 0; }
figure img { display: block; width: 100%; aspect-ratio: 1; object-fit: contain; background: var(--tile-back); border-radius: 6px; image-rendering: pixelated; }
figcaption { color: var(--soft); font-size: .85rem; margin-top: .2rem; }
.decide { display: grid; grid-template-columns: 1fr 1fr auto; gap: .5rem; margin: .8rem 0; }
.decide button { padding: .55rem .6rem; }
#accept { color: var(--good); border-color: var(--good); }
#reject { color: var(--bad); border-color: var(--bad); }
#accept[aria-pressed=true] { color: var(--page); background: var(--good); }
#reject[aria-pressed=true] { color: var(--page); background: var(--bad); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem .8rem; margin: 0; font-variant-numeric: tabular-nums; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
dialog { color: var(--ink); background: var(--card); border: 1px solid var(--line); border-radius: 10px; max-width: 34rem; padding: 1.2rem; }
dialog::backdrop { background: #0007; }
dialog h2 { margin: 0 0 .6rem; font-size: 1.1rem; }
dialog th { text-align: left; font-weight: 600; padding: .25rem 1rem .25rem 0; vertical-align: top; }
dialog form { margin-top: .8rem; text-align: right; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 40rem) {
  header { padding: .4rem .7rem; gap: .2rem .7rem; }
  #progress { order: 5; width: 100%; font-size: .85rem; }
  #help-open { display: none; }
  #filters { padding: .3rem .7rem; max-height: 45vh; overflow-y: auto; }
  main { grid-template-columns: 1fr; grid-template-rows: 1fr auto; }
  aside { border-left: 0; border-top: 1px solid var(--line); padding: .5rem .7rem; display: grid; grid-template-columns: 11rem 1fr; gap: .3rem .7rem; max-height: 45vh; }
  .decide { grid-column: 2; grid-row: 1; grid-template-columns: 1fr; margin: 0; align-content: start; gap: .35rem; }
  .pair { grid-column: 1; grid-row: 1; }
  dl { grid-column: 1 / -1; font-size: .85rem; gap: 0 .6rem; max-height: 4.2em; overflow-y: auto; }
  #filter select { max-width: 11rem; }
}
@media (hover: hover) and (max-width: 40rem) { #help-open { display: inline-block; } }
@media (prefers-reduced-motion: no-preference) { .cell img { transition: opacity .12s; } }
`;
