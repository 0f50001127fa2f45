import { readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { existsSync, readdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { augment, temporaryFolder } from './binary.js';
import { ask, startReview } from './review-session.js';
import { finishedRun, readTable, type FinishedRun } from './run-to-review.js';

describe('what augment review serves', () => {
  let made: FinishedRun;
  let session: Awaited<ReturnType<typeof startReview>>;
  beforeAll(async () => {
    made = await finishedRun(['bag', 'shirt'], 4);
    const secret = join(temporaryFolder(), 'secret.png');
    await writeFile(secret, 'secret');
    await rm(join(made.folder, 'images/0/0.png'));
    await symlink(secret, join(made.folder, 'images/0/0.png'));
    await truncate(join(made.folder, 'images/0/2.png'), 0);
    session = await startReview(made.folder, { args: ['--json'] });
    return async () => {
      await session.end();
    };
  });
  const at = (path: string) => new URL(path, session.url).href;

  it('comes with headers that let nothing else in or out', async () => {
    for (const path of ['', 'state', 'main.js', 'review.css', `image/${made.firstRow + 1}`]) {
      const { status, headers } = await ask(at(path));
      expect(status).toBe(200);
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/);
      expect(headers['content-security-policy']).not.toMatch(/unsafe|\*/);
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  it('is refused without the token, under another name, or for another page', async () => {
    const token = new URL(session.url).pathname.split('/')[1] ?? '';
    const wrong = token.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    const { port } = new URL(session.url);
    const cases: [Parameters<typeof ask>[1], number][] = [
      [{ path: '/' }, 403],
      [{ path: '/state' }, 403],
      [{ path: `/${wrong}/state` }, 403],
      [{ path: `/${token.slice(0, -1)}/state` }, 403],
      [{ path: '//state' }, 403],
      [{ path: `/?${token}` }, 403],
      [{ headers: { host: `evil.example:${port}` } }, 403],
      [{ headers: { host: '127.0.0.1' } }, 403],
      [{ headers: { host: `127.0.0.1.evil.example:${port}` } }, 403],
      [{ headers: { host: `localhost:${port}` } }, 200],
      [{ headers: { origin: 'http://evil.example' } }, 403],
      [{ headers: { origin: 'null' } }, 403],
      [{ headers: { origin: `http://127.0.0.1:${port}` } }, 200],
      [{ headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' } }, 403],
      [{ headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' } }, 200],
      [{ path: `/${token}/state`, headers: { 'sec-fetch-site': 'same-site' } }, 403],
    ];
    for (const [options, wanted] of cases) {
      expect([options, (await ask(session.url, options)).status]).toEqual([options, wanted]);
    }
  });

  it('is no file but those of the page and the images of the manifest', async () => {
    const base = new URL(session.url).pathname;
    const paths = [
      '../run.json',
      '%2e%2e/run.json',
      'image/../../run.json',
      'image/%2e%2e%2f%2e%2e%2frun.json',
      'image/..%5crun.json',
      '../../../../../../etc/passwd',
      'image//etc/passwd',
      'image/1e1',
      'image/-1',
      'image/999999',
      'page/main.js',
      'main.js.map',
      'run.json',
    ];
    for (const path of paths) {
      const { status, text } = await ask(session.url, { path: base + path });
      expect([path, status === 404 || status === 403]).toEqual([path, true]);
      expect(text).not.toMatch(/evenset\.run|root:/);
    }
    // A link in the run's folder that leads out of it, and a file without an image.
    const link = await ask(at(`image/${made.firstRow}`));
    expect([link.status, link.text]).toEqual([404, expect.stringMatching(/symbolic link/)]);
    expect((await ask(at(`image/${made.firstRow + 2}`))).status).toBe(404);
  });

  it('saves only what is well formed, of generated rows', async () => {
    const { port } = new URL(session.url);
    const headers = { origin: `http://127.0.0.1:${port}`, 'content-type': 'application/json' };
    const post = (actions: unknown, more: Record<string, string> = headers) =>
      ask(at('save'), {
        method: 'POST',
        headers: more,
        body: JSON.stringify({ since: 0, page: 'test', first: 0, actions }),
      });
    const row = made.firstRow;
    const good = [{ rows: [row], review: 'accepted' }];
    const statuses = [
      await post([{ rows: [0], review: 'accepted' }]),
      await post([{ rows: [row], review: 'good' }]),
      await post([{ rows: [], review: null }]),
      await post('x'),
      await post(good, { 'content-type': 'application/json' }),
      await post(good, { origin: headers.origin }),
      await post(good, { ...headers, origin: 'http://evil.example' }),
      await ask(at('save')),
      await ask(at('state'), { method: 'DELETE' }),
      await ask(at('save'), { method: 'OPTIONS', headers: { origin: headers.origin } }),
    ].map(({ status }) => status);
    expect(statuses).toEqual([400, 400, 400, 400, 403, 415, 403, 405, 405, 405]);
    expect(existsSync(join(made.folder, 'review.jsonl'))).toBe(false);
    const reply = await post(good);
    expect([reply.status, JSON.parse(reply.text)]).toEqual([
      200,
      {
        version: 1,
        undoable: 1,
        changes: [[row, 'accepted']],
        manifest: { isBehind: true, error: null },
      },
    ]);
  });

  it('is one review at a time', async () => {
    const { code, stderr } = await augment(['review', '--run', made.folder]);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/already at work in this output folder/),
    ]);
    const { port } = new URL(session.url);
    const other = await finishedRun(['bag'], 1);
    const taken = await augment(['review', '--run', other.folder, '--port', port]);
    expect([taken.code, taken.stderr]).toEqual([1, expect.stringMatching(/Cannot serve on port/)]);
    expect(existsSync(join(other.folder, '.evenset.lock'))).toBe(false);
  });
});

it('of several reviews that begin at once beside a dead lock, one is served', async () => {
  const made = await finishedRun(['bag'], 2);
  await writeFile(
    join(made.folder, '.evenset.lock'),
    JSON.stringify({ pid: 2 ** 22 + 1, host: hostname() }),
  );
  const started = await Promise.allSettled(
    Array.from({ length: 4 }, () => startReview(made.folder)),
  );
  const served = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const refused = started.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []));
  expect([served.length, refused]).toEqual([
    1,
    Array(3).fill(expect.stringMatching(/already at work in this output folder/)),
  ]);
  await served[0]?.end();
  expect(readdirSync(made.folder).sort()).toEqual(['images', 'labels.arrow', 'real', 'run.json']);
});

describe('augment review refuses', () => {
  it.each<[string, (made: FinishedRun) => Promise<unknown>, number, RegExp]>([
    ['a folder that is not there', ({ folder }) => rm(folder, { recursive: true }), 2, /--run/],
    [
      'a folder without a run',
      ({ folder }) => rm(join(folder, 'run.json')),
      1,
      /Cannot read .*run\.json/,
    ],
    [
      'a run without images',
      ({ folder }) => rm(join(folder, 'labels.arrow')),
      1,
      /no labels\.arrow/,
    ],
    [
      'a run that goes on',
      async ({ folder }) => {
        const file = join(folder, 'run.json');
        await writeFile(file, (await readFile(file, 'utf8')).replace('"done"', '"running"'));
      },
      1,
      /is not finished/,
    ],
    [
      'decisions on another manifest',
      ({ folder }) => writeFile(join(folder, 'review.jsonl'), journalOf('beef')),
      1,
      /belong to another labels\.arrow/,
    ],
    [
      'a damaged journal',
      ({ folder }) => writeFile(join(folder, 'review.jsonl'), 'what\nis this\n'),
      1,
      /Expected JSON in line 1 of .*review\.jsonl/,
    ],
    [
      "somebody's own labels.reviewed.arrow",
      ({ folder }) => writeFile(join(folder, 'labels.reviewed.arrow'), 'mine'),
      1,
      /labels\.reviewed\.arrow/,
    ],
  ])('%s', async (_name, spoil, wanted, message) => {
    const made = await finishedRun(['bag'], 2);
    await spoil(made);
    const { code, stdout, stderr } = await augment(['review', '--run', made.folder]);
    expect([code, stdout, stderr]).toEqual([wanted, '', expect.stringMatching(message)]);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(existsSync(join(made.folder, '.evenset.lock'))).toBe(false);
  });

  function journalOf(manifestSha256: string): string {
    return `${JSON.stringify({ format: 'evenset.review', formatVersion: 1, manifestSha256 })}\n`;
  }
});

describe('augment filter --review', () => {
  it('keeps what a person keeps, and is told when decisions are still on their way', async () => {
    const made = await finishedRun(['bag', 'shirt'], 6);
    const session = await startReview(made.folder);
    const { origin } = new URL(session.url);
    const [a, b, c] = [0, 1, 2].map((i) => made.firstRow + i);
    const actions = [
      { rows: [a, b], review: 'rejected' },
      { rows: [c], review: 'accepted' },
    ];
    await ask(new URL('save', session.url).href, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json' },
      body: JSON.stringify({ since: 0, page: 'test', first: 0, actions }),
    });
    await session.end();
    const manifest = join(made.folder, 'labels.reviewed.arrow');
    const filter = (name: string, rule: string, from = manifest, ...more: string[]) =>
      augment([
        ...['filter', '--manifest', from, '--review', rule],
        ...['--out', join(made.folder, name)],
        ...more,
      ]);
    const counts = async (name: string, rule: string) =>
      JSON.parse((await filter(name, rule, manifest, '--json')).stdout) as Record<string, number>;
    expect(await counts('any.arrow', 'any')).toMatchObject({ real: 6, kept: 6, dropped: 0 });
    expect(await counts('kept.arrow', 'not-rejected')).toMatchObject({ kept: 4, dropped: 2 });
    expect(await counts('good.arrow', 'accepted')).toMatchObject({ kept: 1, dropped: 5 });
    const rows = (await readTable(join(made.folder, 'kept.arrow'))).toArray() as {
      review: string | null;
    }[];
    expect(rows.map(({ review }) => review).slice(6)).toEqual(['accepted', null, null, null]);

    // The first image, of score 0, is rejected too.
    const strict = await filter('strict.arrow', 'not-rejected', manifest, '--min-score', '.1');
    expect(strict.stdout).toMatch(
      /^Kept 4 of 6 generated .* Dropped by score: 1, by novelty: 0, by review: 1\.$/m,
    );

    const plain = await filter('no.arrow', 'accepted', join(made.folder, 'labels.arrow'));
    expect([plain.code, plain.stderr]).toEqual([
      1,
      expect.stringMatching(/no column "review"; augment review writes one/),
    ]);
    const line = { act: 'decide', changes: [[made.firstRow + 3, 'rejected']] };
    await writeFile(join(made.folder, 'review.jsonl'), `${JSON.stringify(line)}\n`, { flag: 'a' });
    const behind = await filter('behind.arrow', 'not-rejected');
    expect([behind.code, behind.stderr]).toEqual([
      1,
      expect.stringMatching(/does not hold the last 1 decisions of review\.jsonl/),
    ]);
    const again = await startReview(made.folder);
    await again.end();
    expect(await counts('now.arrow', 'not-rejected')).toMatchObject({ kept: 3, dropped: 3 });
  });
});
