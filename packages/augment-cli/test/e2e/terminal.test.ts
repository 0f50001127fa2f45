import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { augment, dataset, startAugment, trainedModel } from './binary.js';

/** Runs a command line on a terminal of its own. */
const onTerminal = 'exec script -qec "$(printf "%q " "$@")" /dev/null';
const shownCursor = '\u001b[?25h';

let folder: string;
let checkpoint: string;
beforeAll(async () => {
  ({ folder, checkpoint } = await trainedModel());
});

/** Samples on a terminal; presses Ctrl-C once `until` is shown. */
async function sample(out: string, before = '', until?: RegExp) {
  const args = ['--checkpoint', checkpoint, '--out', join(folder, out), '--threads', '1'];
  const child = startAugment(['sample', ...args, '--count', '100000'], {
    by: ['bash', '-c', `${before}${onTerminal}`, 'bash'],
  });
  onTestFinished(() => {
    child.kill();
  });
  let shown = '';
  child.stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
    if (!until?.test(shown)) return;
    until = undefined;
    child.stdin.write('\u0003');
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, shown };
}

describe.runIf(existsSync('/usr/bin/script'))('augment sample on a terminal', () => {
  it('ends on Ctrl-C, says what is there, and leaves the terminal as it was', async () => {
    const { code, shown } = await sample('stopped', '', /█.* [1-9]\d*\/200000 images/s);
    expect(code).toBe(130);
    expect(shown).toContain('warning: Stopping: what is done is saved first');
    const [, said] = /error: Interrupted after (\d+) of 200000 images; to begin again, empty/.exec(
      shown,
    ) ?? [''];
    expect(await readdir(join(folder, 'stopped', 'lying'))).toHaveLength(Number(said));
    expect(shown.lastIndexOf(shownCursor)).toBeGreaterThan(shown.lastIndexOf('\u001b[?25l'));
  });

  it('ends when nothing can be written', async () => {
    const { code, shown } = await sample('full', 'ulimit -f 0; ');
    expect(code).toBe(1);
    expect(shown).toMatch(/error: Cannot write .*full\/lying\/\d+\.png: EFBIG/);
    expect(shown).toContain(shownCursor);
  });
});

describe.runIf(existsSync('/dev/full'))('stdout on a full disk', () => {
  const by = ['bash', '-c', 'exec "$@" > /dev/full', 'bash'];

  it.each([
    ['help', ['--help']],
    ['the result', ['scan', '.', '--out', 'full.arrow', '--quiet', '--json']],
  ])('is an error of one line for %s', async (_what, args) => {
    const { folder: cwd } = await dataset({ upright: 2 });
    const { code, stderr } = await augment(args, { by, cwd });
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^error: Cannot write to stdout: ENOSPC.*\n$/),
    ]);
  });
});
