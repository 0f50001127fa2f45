// npm run bench -- NAME [--json] [options of the benchmark]: runs tools/bench/NAME.mjs and prints its figures beside its peer's.
// With npm run --silent bench -- NAME --json, stdout holds the JSON alone.
import { readdir } from 'node:fs/promises';
import { build, install } from './lib/set-up.mjs';

const folder = new URL('./bench/', import.meta.url);
const names = (await readdir(folder))
  .filter((file) => file.endsWith('.mjs'))
  .map((file) => file.slice(0, -'.mjs'.length));
const json = process.argv.includes('--json');
const name = process.argv.slice(2).find((argument) => !argument.startsWith('--'));
if (!name || !names.includes(name)) {
  console.error(
    `Expected the name of a benchmark (${names.join(', ')}) but received "${name ?? ''}".`,
  );
  process.exit(2);
}

await install();
await build();
const { run } = await import(new URL(`${name}.mjs`, folder));
const figures = await run();
if (json) {
  console.log(JSON.stringify(figures, null, 2));
} else {
  console.table(
    figures.map(({ name, value, unit, peer, ratio, goal }) => ({
      name,
      value: round(value),
      unit,
      peer: round(peer),
      ratio: round(ratio),
      goal,
    })),
  );
}

function round(value) {
  return typeof value === 'number' ? Number(value.toPrecision(4)) : value;
}
