// Builds examples/fashion5 from a folder of <split>/<class>/<id>.png: node tools/make-fashion5.mjs FOLDER
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { mustRun, root } from './lib/run-command.mjs';

const [source] = process.argv.slice(2);
if (!source) {
  console.error('Expected the folder that holds train/ and test/.');
  process.exit(2);
}
const target = join(root, 'examples', 'fashion5');
for (const split of ['train', 'test']) {
  await cp(join(source, split), join(target, split), { recursive: true });
}
const main = join(root, 'packages', 'augment-cli', 'dist', 'main.js');
await mustRun(process.execPath, [main, 'scan', target, '--out', join(target, 'labels.arrow')]);
