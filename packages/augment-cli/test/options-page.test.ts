import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { commands } from '../src/commands/index.js';
import { optionsPage } from '../src/options/options-page.js';

it('is what docs/options.md holds; npm run docs writes it', async () => {
  const file = join(import.meta.dirname, '..', '..', '..', 'docs', 'options.md');
  expect(await readFile(file, 'utf8')).toBe(optionsPage(commands));
});
