import { readFile, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { browserFile, press, reviewBrowser, saved, startReview } from './review-session.js';
import { finishedRun, readTable, reviewsInJournal, reviewsInManifest } from './run-to-review.js';

const hostile = '<img src=x onerror=alert(1)> & 👕';
const run = promisify(execFile);

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
      expect(await reviewsInJournal(made, 4)).toEqual(wanted);
    }
    expect(await page.locator('#undo').isEnabled()).toBe(true);
    await press(page, 'u', 'Home', 'a', 'a', 'a', 'r');
    await saved(page);
    expect(page.problems).toEqual([]);
    await page.close();

    expect(await session.end()).toBe(0);
    expect(session.stderr()).toMatch(/3 accepted, 1 rejected: .*labels\.reviewed\.arrow/);
    expect(await reviewsInManifest(made, 5)).toEqual([
      'accepted',
      'accepted',
      'accepted',
      'rejected',
      null,
    ]);
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
    expect(await reviewsInJournal(made, 3)).toEqual(['rejected', null, null]);
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
    expect(await reviewsInJournal(made, 6)).toEqual([
      'accepted',
      null,
      null,
      null,
      null,
      'rejected',
    ]);
    expect(await page.locator('#progress').textContent()).toBe(
      '1 accepted, 1 rejected, 4 undecided',
    );
    await page.close();
    await session.end();
    expect(await reviewsInManifest(made, 6)).toEqual([
      'accepted',
      null,
      null,
      null,
      null,
      'rejected',
    ]);
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
      const stored = await reviewsInJournal(made, 60);
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
    expect(await reviewsInManifest(made, 60)).toEqual(await reviewsInJournal(made, 60));
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
    const decided = await reviewsInManifest(made, 20_000);
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
    expect(await reviewsInManifest(made, 3)).toEqual(['accepted', 'rejected', null]);
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
      const held = (await reviewsInJournal(made, 200)).filter((review) => review !== null).length;
      expect(held).toBeLessThan(30);
      expect(await page.locator('#progress').textContent()).toMatch(/30 rejected/);
      await press(page, 'a');
      await run('prlimit', ['--pid', String(session.pid), '--fsize=unlimited']);
      // The page may have tried by itself by then, and taken its button away.
      await page.locator('#retry').dispatchEvent('click');
      await saved(page);
      const stored = await reviewsInJournal(made, 200);
      expect(stored.slice(0, 32)).toEqual([
        ...Array<string>(30).fill('rejected'),
        'accepted',
        null,
      ]);
      await expect.poll(() => problem.isVisible(), { timeout: 30_000 }).toBe(false);
      await page.close();
      expect(await session.end()).toBe(0);
      expect(await reviewsInManifest(made, 200)).toEqual(stored);
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
