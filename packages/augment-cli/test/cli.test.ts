import { encodePng, writeFileAtomic } from '@evenset/dataset-io';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { runCli } from '../src/index.js';

it('exits 130 where Ctrl-C comes while images are read, and writes nothing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'evenset-cli-'));
  const png = await encodePng({ pixels: new Uint8Array(64), width: 8, height: 8, channels: 1 });
  await writeFileAtomic(join(folder, 'a', '1.png'), png);
  const stderr = new PassThrough();
  const out = join(folder, 'labels.arrow');
  const code = await runCli(['scan', folder, '--out', out, '--cache-dir', join(folder, 'cache')], {
    stdout: new PassThrough(),
    stderr,
    environment: {},
    signal: AbortSignal.abort(),
  });
  expect(code).toBe(130);
  expect(String(stderr.read())).toMatch(/^error: Interrupted;/m);
  expect(existsSync(out)).toBe(false);
  await rm(folder, { recursive: true });
});
