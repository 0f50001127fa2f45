import { readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer, request, type IncomingMessage } from 'node:http';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { augment, temporaryFolder } from './binary.js';
import { browserFile, press, reviewBrowser, saved, startReview } from './review-session.js';
import { finishedRun, readTable, type FinishedRun } from './run-to-review.js';

const hostile = '<img src=x onerror=alert(1)> & 👕';
const run = promisify(execFile);

/** The decisions on the first generated rows, as they stand in the journal. */
async function journal({ folder, firstRow }: FinishedRun, count: number) {
  const reviews = new Map<number, string | null>();
  const lines = (await readFile(join(folder, 'review.jsonl'), 'utf8')).trim().split('\n').slice(1);
  for (const line of lines) {
    const { changes } = JSON.parse(line) as { changes: [number, string | null][] };
    for (const [row, review] of changes) reviews.set(row, review);
  }
  return Array.from({ length: count }, (_, i) => reviews.get(firstRow + i) ?? null);
}

/** The same from the reviewed manifest. */
async function column({ folder, firstRow }: FinishedRun, count: number): Promise<unknown[]> {
  const table = await readTable(join(folder, 'labels.reviewed.arrow'));
  return [...(table.getChild('review') as Iterable<unknown>)].slice(firstRow, firstRow + count);
}

/** Sends a request as no browser would, and gives its status, headers and text. */
async function ask(
  address: string,
  {
    headers = {},
    path,
    method = 'GET',
    body,
  }: {
    headers?: Record<string, string>;
    /** As it is sent, unlike a URL's, which is made plain. */
    path?: string;
    method?: string;
    body?: string;
  } = {},
) {
  const { hostname, port, pathname } = new URL(address);
  const sent = request({ hostname, port, path: path ?? pathname, method, headers });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode, headers: response.headers, text };
}

describe.skipIf(browserFile === undefined)('augment review in a browser', () => {
  const browser = reviewBrowser();

  it('accepts, rejects and undoes by keys and mouse; each decision is on disk when it says so', async () => {
    const made = await finishedRun([hostile, 'bag'], 12);
    const before = await readFile(join(made.folder, 'labels.arrow'));
    const session = await startReview(made.folder);
    const page = await browser.open(session.url);
    expect(await page.locator('#progress').textContent()).toBe(
      '0 accepted, 0 rejected, 12 undecided',
    );

    const steps: [() => Promise<void>, (string | null)[]][] = [
      [() => press(page, 'a'), ['accepted', null, null, null]],
      [() => press(page, 'r'), ['accepted', 'rejected', null, null]],
      [() => page.locator('#reject').click(), ['accepted', 'rejected', 'rejected', null]],
      [() => page.locator('#image-3').hover(), ['accepted', 'rejected', 'rejected', null]],
      [
        () => page.locator('#image-3 .quick.accept').click(),
        ['accepted', 'rejected', 'rejected', 'accepted'],
      ],
      [() => page.locator('#image-0').click(), ['accepted', 'rejected', 'rejected', 'accepted']],
      [() => press(page, 'x'), ['rejected', 'rejected', 'rejected', 'accepted']],
      [() => press(page, 'Control+z'), ['accepted', 'rejected', 'rejected', 'accepted']],
      [() => press(page, 'u', 'u'), ['accepted', 'rejected', null, null]],
      [() => page.locator('#undo').click(), ['accepted', null, null, null]],
      [() => press(page, 'u'), [null, null, null, null]],
      [() => press(page, 'Home', 'ArrowRight', 'Enter'), [null, 'accepted', null, null]],
      [() => press(page, 'ArrowLeft', 'c'), [null, null, null, null]],
    ];
    for (const [step, wanted] of steps) {
      await step();
      await saved(page);
      expect(await journal(made, 4)).toEqual(wanted);
    }
    expect(await page.locator('#undo').isEnabled()).toBe(true);
    await press(page, 'u', 'Home', 'a', 'a', 'a', 'r');
    await saved(page);
    expect(page.problems).toEqual([]);
    await page.close();

    expect(await session.end()).toBe(0);
    expect(session.stderr()).toMatch(/3 accepted, 1 rejected: .*labels\.reviewed\.arrow/);
    expect(await column(made, 5)).toEqual(['accepted', 'accepted', 'accepted', 'rejected', null]);
    expect((await readFile(join(made.folder, 'labels.arrow'))).equals(before)).toBe(true);
    expect(readdirSync(made.folder).sort()).toEqual([
      'images',
      'labels.arrow',
      'labels.reviewed.arrow',
      'real',
      'review.jsonl',
      'run.json',
    ]);
  });

  it('writes a manifest that another Arrow reader finds unchanged but for the decisions', async () => {
    const made = await finishedRun([hostile, 'bag'], 6);
    const session = await startReview(made.folder);
    const page = await browser.open(session.url);
    await press(page, 'a', 'r');
    await page.locator('#saved[data-manifest=current]').waitFor();
    await saved(page);
    await expect.poll(() => existsSync(join(made.folder, 'labels.reviewed.arrow'))).toBe(true);
    await page.close();
    await session.end();

    const [old, reviewed] = await Promise.all(
      ['labels.arrow', 'labels.reviewed.arrow'].map((name) => readTable(join(made.folder, name))),
    );
    const plain = old?.toArray() as Record<string, unknown>[];
    const rows = reviewed?.toArray() as Record<string, unknown>[];
    expect(rows).toEqual(
      plain.map((row, i) => ({
        ...row,
        review: [null, 'accepted', 'rejected'][Math.max(0, i - made.firstRow + 1)] ?? null,
      })),
    );
    expect(reviewed?.schema.metadata).toEqual(old?.schema.metadata);
    expect(reviewed?.schema.fields.slice(0, -1)).toEqual(old?.schema.fields);
  });

  it('filters by class, decision, score and novelty, and shows hostile labels as text', async () => {
    const made = await finishedRun([hostile, 'bag'], 40);
    const session = await startReview(made.folder);
    const page = await browser.open(session.url);
    const shown = () => page.locator('#shown').textContent();
    const field = (name: string) => page.locator(`#filter [name=${name}]`);
    const facts = () => page.locator('#facts dd').allTextContents();
    expect(await field('label').locator('option').allTextContents()).toEqual([
      'all',
      `\u2068${hostile}\u2069 (20)`,
      '\u2068bag\u2069 (20)',
    ]);
    await field('label').selectOption('0');
    expect(await shown()).toBe('20 of 40 shown');
    expect((await facts())[0]).toBe(hostile);
    await field('minScore').fill('0.5');
    expect(await shown()).toBe('10 of 40 shown');
    await field('maxNovelty').fill('1.75');
    expect(await shown()).toBe('6 of 40 shown');
    expect(await facts()).toEqual([
      hostile,
      '0.50',
      '1.50',
      'undecided',
      'images/0/20.png',
      'real/0-2.png',
    ]);
    // Letters in a field are text.
    await field('minScore').press('a');
    await page.locator('#grid').focus();
    await press(page, 'r', 'r');
    await saved(page);
    await page.locator('#filter button[type=reset]').click();
    await expect.poll(shown).toBe('40 of 40 shown');
    await field('review').selectOption('rejected');
    expect(await shown()).toBe('2 of 40 shown');
    expect(await page.locator('.cell').evaluateAll((cells) => cells.map(({ id }) => id))).toEqual([
      'image-20',
      'image-22',
    ]);
    // What no longer passes stays until it is asked for, so that nothing moves under the hand.
    await page.locator('#accept-shown').click();
    expect(await shown()).toBe('2 of 40 shown');
    await page.locator('#renew').click();
    expect(await shown()).toBe('0 of 40 shown');
    expect(await page.locator('#empty').isVisible()).toBe(true);
    // One step undoes all of them.
    await press(page, 'u');
    await saved(page);
    await page.locator('#filter button[type=reset]').click();
    await field('order').selectOption('best');
    expect((await facts())[4]).toBe('images/1/39.png');
    expect(await page.locator('#progress').textContent()).toBe(
      '0 accepted, 2 rejected, 38 undecided',
    );
    expect(page.problems).toEqual([]);
    await page.close();
    await session.end();
  });

  it('shows in each tab what is decided in another', async () => {
    const made = await finishedRun(['bag', 'shirt'], 6);
    const session = await startReview(made.folder);
    const [one, other] = [await browser.open(session.url), await browser.open(session.url)];
    await press(one, 'r', 'a');
    await saved(one);
    await other.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await other.locator('#image-0[data-review=rejected]').waitFor();
    // What one tab did, another can undo.
    await press(other, 'u');
    await saved(other);
    await one.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await one.locator('#image-1[data-review=""]').waitFor();
    expect(await journal(made, 3)).toEqual(['rejected', null, null]);
    await one.close();
    await other.close();
    await session.end();
  });

  it('does once what it is asked again because the reply was lost', async () => {
    const made = await finishedRun(['bag', 'shirt'], 6);
    const session = await startReview(made.folder);
    const page = await browser.open(session.url);
    await press(page, 'a', 'r');
    await saved(page);
    let lost = 0;
    await page.route('**/save', async (route) => {
      if (lost++ > 0) return route.continue();
      await route.fetch();
      await route.abort();
    });
    await press(page, 'u');
    await page.locator('#saved[data-state=failed]').waitFor();
    // What is done since goes along with what is asked again.
    await press(page, 'End', 'r');
    await saved(page);
    expect(lost).toBeGreaterThan(1);
    expect(await journal(made, 6)).toEqual(['accepted', null, null, null, null, 'rejected']);
    expect(await page.locator('#progress').textContent()).toBe(
      '1 accepted, 1 rejected, 4 undecided',
    );
    await page.close();
    await session.end();
    expect(await column(made, 6)).toEqual(['accepted', null, null, null, null, 'rejected']);
  });

  it('goes on where it was killed, with every decision that the page called saved', async () => {
    const made = await finishedRun(['bag', 'shirt'], 60);
    let session = await startReview(made.folder);
    let page = await browser.open(session.url);
    for (let round = 0; round < 3; round++) {
      await press(page, 'a', 'r', 'r', 'a', 'a', 'r', 'r', 'a', 'a', 'r');
      await saved(page);
      const said = await page.locator('#progress').textContent();
      // Decisions on their way, none of which was called saved.
      await press(page, 'a', 'r');
      const code = await session.end('SIGKILL');
      expect(code).toBeNull();
      await page.close();
      const stored = await journal(made, 60);
      // What a crash can leave behind: half a line, half a manifest, the lock.
      await writeFile(join(made.folder, 'review.jsonl'), '{"at":"20', { flag: 'a' });
      await writeFile(join(made.folder, `labels.reviewed.arrow.${randomUUID()}.tmp`), 'half');
      session = await startReview(made.folder);
      page = await browser.open(session.url);
      const counted = (word: string) => stored.filter((review) => review === word).length;
      expect(await page.locator('#progress').textContent()).toBe(
        `${counted('accepted')} accepted, ${counted('rejected')} rejected, ${60 - counted('accepted') - counted('rejected')} undecided`,
      );
      const [saidAccepted = 0, saidRejected = 0] = (said ?? '').match(/\d+/g)?.map(Number) ?? [];
      expect(saidAccepted + saidRejected).toBeGreaterThanOrEqual(10 * (round + 1));
      expect(counted('accepted')).toBeGreaterThanOrEqual(saidAccepted);
      expect(counted('rejected')).toBeGreaterThanOrEqual(saidRejected);
      // On from the first undecided one.
      await press(page, 'n');
    }
    await press(page, 'u');
    await saved(page);
    await page.close();
    await session.end();
    expect(await column(made, 60)).toEqual(await journal(made, 60));
    expect(readdirSync(made.folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('scrolls through 20,000 images with few elements and few requests', async () => {
    const made = await finishedRun(['bag', 'shirt'], 20_000, { different: 50 });
    const session = await startReview(made.folder);
    const page = await browser.open(session.url);
    const requests: string[] = [];
    page.on('request', (one) => requests.push(one.url()));
    const elements = () => page.evaluate(() => document.querySelectorAll('*').length);
    const scrollTo = (share: number) =>
      page.evaluate(
        (to) =>
          new Promise((resolve) => {
            const grid = document.getElementById('grid') ?? document.body;
            grid.scrollTop = to * (grid.scrollHeight - grid.clientHeight);
            requestAnimationFrame(() => requestAnimationFrame(resolve));
          }),
        share,
      );
    expect(await elements()).toBeLessThan(1000);
    for (let i = 0; i <= 100; i++) {
      await scrollTo(i / 100);
      expect(await page.locator('.cell').count()).toBeLessThan(150);
    }
    expect(await elements()).toBeLessThan(1000);
    await page.locator('#image-19999 img[src]').waitFor();
    // Of 20,000 images only those are asked for at which the scrolling came to rest.
    expect(requests.length).toBeLessThan(1500);
    await page.locator('#grid').focus();
    await press(page, 'End', 'r', 'Home', 'a', 'PageDown', 'PageDown');
    await page.locator('#image-0').waitFor({ state: 'detached' });
    await saved(page);
    expect(await page.locator('#progress').textContent()).toBe(
      '1 accepted, 1 rejected, 19,998 undecided',
    );
    // A decision on all of them is one request.
    const from = requests.filter((url) => url.endsWith('/save')).length;
    await page.locator('#reject-shown').click();
    await saved(page);
    expect(requests.filter((url) => url.endsWith('/save')).length - from).toBeLessThan(4);
    await page.close();
    await session.end();
    const decided = await column(made, 20_000);
    expect(decided.filter((review) => review === 'rejected')).toHaveLength(20_000);
  });

  it('shows embedded images and their nearest ones', async () => {
    const made = await finishedRun(['bag', 'shirt'], 10, { embedded: true });
    const session = await startReview(made.folder);
    const page = await browser.open(session.url);
    const width = (selector: string) =>
      page.locator(selector).evaluate((image) => (image as HTMLImageElement).naturalWidth);
    await expect.poll(() => width('#image-9 img')).toBe(8);
    await expect.poll(() => width('#chosen')).toBe(8);
    await expect.poll(() => width('#nearest')).toBe(8);
    await press(page, 'a', 'r');
    await saved(page);
    await page.close();
    await session.end();
    expect(await column(made, 3)).toEqual(['accepted', 'rejected', null]);
    const rows = (await readTable(join(made.folder, 'labels.reviewed.arrow'))).toArray();
    const { image } = rows[made.firstRow] as { image: { bytes: Uint8Array } };
    expect(Buffer.from(image.bytes)).toEqual(await readFile(join(made.folder, 'images/0/0.png')));
  });

  it.runIf(existsSync('/usr/bin/prlimit'))(
    'says that the disk is full, keeps what is not saved, and saves it when it can',
    async () => {
      const made = await finishedRun(['bag', 'shirt'], 200);
      // No file may grow beyond a kilobyte.
      const by = ['bash', '-c', 'ulimit -S -f 1; exec "$@"', 'bash'];
      const session = await startReview(made.folder, { by });
      const page = await browser.open(session.url);
      await press(page, ...Array<string>(30).fill('r'));
      const problem = page.locator('#problem');
      await problem.waitFor();
      expect(await problem.textContent()).toMatch(/not saved: Cannot write .*review\.jsonl: EFBIG/);
      expect(await page.locator('#saved').textContent()).toMatch(/not saved$/);
      const held = (await journal(made, 200)).filter((review) => review !== null).length;
      expect(held).toBeLessThan(30);
      expect(await page.locator('#progress').textContent()).toMatch(/30 rejected/);
      await press(page, 'a');
      await run('prlimit', ['--pid', String(session.pid), '--fsize=unlimited']);
      // The page may have tried by itself by then, and taken its button away.
      await page.locator('#retry').dispatchEvent('click');
      await saved(page);
      const stored = await journal(made, 200);
      expect(stored.slice(0, 32)).toEqual([
        ...Array<string>(30).fill('rejected'),
        'accepted',
        null,
      ]);
      await expect.poll(() => problem.isVisible(), { timeout: 30_000 }).toBe(false);
      await page.close();
      expect(await session.end()).toBe(0);
      expect(await column(made, 200)).toEqual(stored);
    },
  );

  it('is out of reach of other pages', async () => {
    const made = await finishedRun(['bag', 'shirt'], 4);
    const session = await startReview(made.folder);
    const row = made.firstRow;
    const foreign = createServer((_request, response) => {
      response.setHeader('Content-Type', 'text/html').end('<title>foreign</title>');
    }).listen(0, '127.0.0.1');
    await once(foreign, 'listening');
    const page = await browser.open(session.url);
    await page.goto(`http://127.0.0.1:${(foreign.address() as AddressInfo).port}/`);
    const outcomes = await page.evaluate(
      async ({ url, row }) => {
        const attempt = (path: string, options: RequestInit) =>
          fetch(url + path, options).then(
            ({ type, status }) => `${type} ${status}`,
            () => 'refused',
          );
        const image = (path: string) =>
          new Promise<string>((resolve) => {
            const picture = new Image();
            picture.onload = () => {
              resolve('shown');
            };
            picture.onerror = () => {
              resolve('refused');
            };
            picture.src = url + path;
          });
        const framed = () =>
          new Promise<string>((resolve) => {
            const frame = document.createElement('iframe');
            frame.src = url;
            frame.onload = () => {
              resolve(frame.contentDocument === null ? 'foreign' : 'read');
            };
            document.body.append(frame);
          });
        const body = JSON.stringify({
          ...{ since: 0, page: 'foreign', first: 0 },
          actions: [{ rows: [row], review: 'rejected' }],
        });
        const type = { 'Content-Type': 'application/json' };
        return [
          await attempt('state', {}),
          await attempt('save', { method: 'POST', headers: type, body }),
          await attempt('save', { method: 'POST', body }),
          await attempt('save', { method: 'POST', mode: 'no-cors', body }),
          await image(`image/${row}`),
          await framed(),
        ];
      },
      { url: session.url, row },
    );
    expect(outcomes).toEqual(['refused', 'refused', 'refused', 'refused', 'refused', 'foreign']);
    expect(existsSync(join(made.folder, 'review.jsonl'))).toBe(false);
    foreign.close();
    foreign.closeAllConnections();
    await page.close();
    await session.end();
  });
});

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
