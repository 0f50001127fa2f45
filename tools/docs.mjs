// npm run docs: writes docs/options.md from the option schemas.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './lib/run-command.mjs';
import { build, install } from './lib/set-up.mjs';

await install();
await build();
const { commands, optionsPage } = await import('@evenset/augment-cli');
await writeFile(join(root, 'docs', 'options.md'), optionsPage(commands));
