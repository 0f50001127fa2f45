import { encodePng, writeFileAtomic } from '@evenset/dataset-io';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../src/index.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evenset-cli-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** What a command line that fails says on stderr. */
async function errorOf(args: readonly string[], environment: Record<string, string> = {}) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const { signal } = new AbortController();
  const code = await runCli(args, { stdout, stderr, environment, signal });
  expect(code).toBeGreaterThan(0);
  return String(stderr.read());
}

it('exits 130 where Ctrl-C comes while images are read, and writes nothing', async () => {
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
});

it('ends at once on Ctrl-C where there is nothing to save', async () => {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const signal = AbortSignal.abort();
  const code = await runCli(['doctor'], { stdout, stderr, environment: {}, signal });
  expect([code, stdout.read()]).toEqual([130, null]);
  expect(String(stderr.read())).toBe('error: Interrupted; the same command begins again.\n');
});

describe('an error', () => {
  const check = (manifest: string) => ['check', '--manifest', manifest];

  it.each<[string, string[], Record<string, string>]>([
    ['--verbose', ['--verbose'], {}],
    ['--verbose=true', ['--verbose=true'], {}],
    ['EVENSET_VERBOSE', [], { EVENSET_VERBOSE: '1' }],
    ['the config file', ['--config', 'CONFIG'], {}],
  ])('shows its stack trace where %s asks for it', async (_name, more, environment) => {
    const config = join(folder, 'evenset.config.json');
    await writeFile(config, '{"verbose": true}');
    const args = [...check('none.arrow'), ...more.map((arg) => arg.replace('CONFIG', config))];
    expect(await errorOf(args, environment)).toMatch(/^\s+at /m);
    // Also one of the command's own options.
    expect(await errorOf([...args, '--size', '7'], environment)).toMatch(/^\s+at /m);
  });

  it('shows none where a flag says otherwise', async () => {
    const args = [...check('none.arrow'), '--no-verbose'];
    expect(await errorOf(args, { EVENSET_VERBOSE: '1' })).not.toMatch(/^\s+at /m);
  });

  it('spells out what a terminal would act on', async () => {
    const said = await errorOf([...check('\u001b[2Jred\u202e\n.arrow'), '--verbose']);
    expect(said).toContain('\\u{1b}[2Jred\\u{202e} .arrow');
    expect(said).not.toContain('\u001b');
    expect(said).not.toContain('\u202e');
  });
});
