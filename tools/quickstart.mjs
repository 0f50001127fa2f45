// The main job on the example set: installs, builds, fills up the thin classes, names the report.
import { join } from 'node:path';
import { runCommand, root } from './lib/run-command.mjs';
import { build, install } from './lib/set-up.mjs';

await install();
await build();
const main = join(root, 'packages', 'augment-cli', 'dist', 'main.js');
const manifest = join('examples', 'fashion5', 'labels.arrow');
process.exitCode = await runCommand(process.execPath, [
  main,
  '--manifest',
  manifest,
  '--target-per-class',
  '1200',
  '--budget',
  '5m',
  ...process.argv.slice(2),
]);
