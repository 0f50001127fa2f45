import { filterManifest } from '@evenset/dataset-io';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeReport } from '../src/report/write-report.js';
import { noBrowser, openInBrowser } from './browser.js';
import { poorContrasts } from './poor-contrasts.js';
import { hostile, makeRun, quality, type MadeRun } from './report-fixture.js';

const LIMIT = 5_000_000;

/** Moves a slider by its keys, as a person would. */
async function moveUp(tab: Page, id: string, presses: number): Promise<void> {
  await tab.locator(`#${id}`).focus();
  for (let i = 0; i < presses; i++) await tab.keyboard.press('ArrowRight');
}

const textOf = (tab: Page, selector: string) => tab.locator(selector).first().innerText();

describe('the report of a run', () => {
  let run: MadeRun;
  let file: string;
  beforeAll(async () => {
    run = await makeRun({
      labels: ['bag', hostile],
      accepted: 200,
      rejected: 60,
      heldOut: 40,
      quality,
      name: `it's <b>"my" set & more`,
    });
    ({ file } = await writeReport(run.folder, run.record));
  });

  it('is the same, byte for byte, when it is made again, and touches nothing else', async () => {
    const before = await readFile(file);
    const names = await readdir(run.folder, { recursive: true });
    await writeReport(run.folder, run.record);
    expect((await readFile(file)).equals(before)).toBe(true);
    expect(await readdir(run.folder, { recursive: true })).toEqual(names);
  });

  it('holds labels and paths as text only', async () => {
    const text = await readFile(file, 'utf8');
    expect(text).not.toContain('<script>alert');
    expect(text.match(/<script/g)).toHaveLength(2);
    expect(text).not.toMatch(/(src|href)="(?!data:|#)/);
  });

  it.skipIf(noBrowser)('opens without errors, network or harm', async () => {
    const { tab, problems, requests } = await openInBrowser(file);
    expect(await tab.locator('h2').allInnerTexts()).toContain(hostile);
    const images = await tab
      .locator('img')
      .evaluateAll((all) =>
        (all as HTMLImageElement[]).map(({ naturalWidth, alt }) => naturalWidth > 0 && alt !== ''),
      );
    expect(images.length).toBeGreaterThan(100);
    expect(images).not.toContain(false);
    const charts = await tab
      .locator('svg')
      .evaluateAll((all) =>
        all.map((chart) => [
          chart.getAttribute('role'),
          (chart.getAttribute('aria-label') ?? '').length > 20,
        ]),
      );
    expect(charts.length).toBeGreaterThanOrEqual(10);
    expect(charts).toEqual(charts.map(() => ['img', true]));
    expect([problems, requests]).toEqual([[], []]);
  });

  it.skipIf(noBrowser)('says first what to know, and shows the closest pairs first', async () => {
    const { tab } = await openInBrowser(file);
    expect(await textOf(tab, 'h1')).toBe('Short of the target: 400 of 410 missing images');
    const verdicts = await textOf(tab, '.verdict-grid');
    for (const word of ['Short.', 'Copies.', 'Told apart.']) expect(verdicts).toContain(word);
    const rejected = tab.locator('[data-section="0"] h4');
    expect(await rejected.allInnerTexts()).toEqual([
      'low-score: 20 (8 %)',
      'near-copy: 20 (8 %)',
      'near-duplicate: 20 (8 %)',
    ]);
    const order = await tab.locator('[data-section="0"] .pairs figcaption').allInnerTexts();
    expect(order).toHaveLength(12);
    expect(order.map(Number)).toEqual(order.map(Number).toSorted((a, b) => a - b));
  });

  it.skipIf(noBrowser)('counts, shows and commands what its sliders say', async () => {
    const { tab, problems } = await openInBrowser(file);
    expect(await textOf(tab, '[data-kept="all"]')).toBe('Keeps 400 of 400 generated images.');
    const shown = () =>
      tab.locator('[data-section="1"] .block:first-child [data-score]:visible').count();
    expect(await shown()).toBe(48);

    await moveUp(tab, 'score-all', 29);
    await moveUp(tab, 'novelty-all', 75);
    await moveUp(tab, 'score-1', 20);
    const command = await textOf(tab, '#command');
    expect(command).toContain('--min-score 0.3 --min-novelty 1.5');
    expect(command).toContain('--class-min-score=');

    const reaching = (label: string, score: number) =>
      run.rows.filter(
        (row) =>
          row.label === label &&
          row.outcome === 'accepted' &&
          Math.fround(row.score) >= Math.fround(score) &&
          row.novelty >= 1.5,
      ).length;
    const [bags, others] = [reaching('bag', 0.3), reaching(hostile, 0.5)];
    expect(bags).toBeGreaterThan(others);
    expect(others).toBeGreaterThan(0);
    expect(await textOf(tab, '[data-kept="all"]')).toBe(
      `Keeps ${bags + others} of 400 generated images.`,
    );
    expect(await textOf(tab, '[data-kept-cell="0"]')).toBe(String(bags));
    expect(await textOf(tab, '[data-kept="1"]')).toMatch(
      new RegExp(
        `^Keeps ${others} of 200 generated images\\. \\d+ % of 260 judged candidates \\(15 of unknown novelty\\) and \\d+ % of 40 held-out`,
      ),
    );
    expect(await shown()).toBeLessThan(30);
    const target = join(run.folder, 'kept.arrow');
    const { kept } = await filterManifest(join(run.folder, 'labels.arrow'), target, {
      minScore: 0.3,
      minNovelty: 1.5,
      byLabel: new Map([[hostile, { minScore: 0.5 }]]),
    });
    await rm(target);
    expect(kept).toBe(bags + others);

    await tab.getByRole('button', { name: 'Back to' }).press('Enter');
    expect(await textOf(tab, '[data-kept="all"]')).toBe('Keeps 400 of 400 generated images.');
    expect(await shown()).toBe(48);
    expect(problems).toEqual([]);
  });

  it.skipIf(noBrowser)('copies its command, with the folder that it lies in', async () => {
    const permissions = ['clipboard-read', 'clipboard-write'];
    const { tab } = await openInBrowser(file, { permissions });
    await tab.getByRole('button', { name: 'Copy' }).click();
    await tab.getByText('Copied.').waitFor();
    const copied = await tab.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe(await tab.locator('#command').textContent());
    expect(copied).toContain(`/it'\\''s <b>"my" set & more/labels.arrow' --min-score`);
  });

  it.skipIf(noBrowser)('can be used by keyboard alone and is named throughout', async () => {
    const { tab } = await openInBrowser(file);
    const reachable = new Set<string>();
    for (let i = 0; i < 40; i++) {
      await tab.keyboard.press('Tab');
      reachable.add(await tab.evaluate(() => document.activeElement?.id ?? ''));
    }
    for (const id of ['score-all', 'novelty-all', 'score-0', 'novelty-1', 'copy', 'reset']) {
      expect(reachable).toContain(id);
    }
    expect(await tab.getByRole('slider', { name: 'Smallest score' }).count()).toBe(3);
    await moveUp(tab, 'score-0', 4);
    expect(await tab.locator('#score-0').getAttribute('aria-valuetext')).toBe('0.05');
    const levels = await tab
      .locator('h1, h2, h3, h4')
      .evaluateAll((all) => all.map(({ tagName }) => Number(tagName.slice(1))));
    expect(levels[0]).toBe(1);
    levels.slice(1).forEach((level, i) => {
      expect(level - (levels[i] ?? 0)).toBeLessThanOrEqual(1);
    });
  });

  it.skipIf(noBrowser).each(['light', 'dark'] as const)('is legible in %s', async (colorScheme) => {
    const { tab } = await openInBrowser(file, { colorScheme });
    expect(await tab.evaluate(poorContrasts)).toEqual([]);
  });

  it.skipIf(noBrowser)('fits a phone, and paper without its controls', async () => {
    const { tab } = await openInBrowser(file, { viewport: { width: 360, height: 740 } });
    expect(await tab.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    expect(await tab.locator('#score-all').isVisible()).toBe(true);
    await tab.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await tab.locator('#score-all').isVisible()).toBe(false);
    expect(await tab.locator('#command').isVisible()).toBe(true);
    const paper = await tab.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(paper).toBe('rgb(255, 255, 255)');
    expect((await tab.pdf()).subarray(0, 5).toString()).toBe('%PDF-');
  });
});

describe('the report', () => {
  it('stays small and exact with 100,000 judged images of many classes', async () => {
    const run = await makeRun({
      labels: Array.from({ length: 50 }, (_, i) => `class ${i}`),
      accepted: 1000,
      rejected: 900,
      heldOut: 100,
      side: 64,
      quality,
    });
    const { file, bytes } = await writeReport(run.folder, run.record);
    expect((await stat(file)).size).toBe(bytes);
    expect(bytes).toBeLessThan(LIMIT);
    const text = await readFile(file, 'utf8');
    // Small by sampling, not by leaving the pictures out.
    expect(text.match(/data:image\/webp/g)?.length).toBeGreaterThan(300);
    expect(text).toContain('20 more classes are counted above');
    if (noBrowser) return;
    const { tab, problems } = await openInBrowser(file);
    await moveUp(tab, 'score-all', 3);
    const command = await textOf(tab, '#command');
    const minScore = Number(/--min-score (\S+)/.exec(command)?.[1]);
    const kept = run.rows.filter(
      ({ outcome, score }) => outcome === 'accepted' && Math.fround(score) >= Math.fround(minScore),
    ).length;
    expect(kept).toBeLessThan(50_000);
    expect(await textOf(tab, '[data-kept="all"]')).toBe(
      `Keeps ${kept.toLocaleString('en')} of 50,000 generated images.`,
    );
    expect(problems).toEqual([]);
  });

  it('says what is missing where a run keeps no judgements and measured nothing', async () => {
    const run = await makeRun({
      labels: ['bag'],
      accepted: 30,
      rejected: 9,
      heldOut: 5,
      hasJudgements: false,
    });
    const { file, hasJudgements } = await writeReport(run.folder, run.record);
    expect(hasJudgements).toBe(false);
    const text = (await readFile(file, 'utf8')).replace(/\s+/g, ' ');
    expect(text).toContain('This run keeps no judgements.arrow');
    expect(text).toContain('It was not measured.');
    expect(text).toMatch(/low-score: 3 \(8 %\)/);
  });

  it('shows what is left where images are gone or nothing was made', async () => {
    const run = await makeRun({ labels: ['bag'], accepted: 30, rejected: 9, heldOut: 5 });
    await rm(join(run.folder, 'images'), { recursive: true });
    await rm(join(run.folder, 'samples'), { recursive: true });
    await writeFile(join(run.folder, 'stats.jsonl'), '');
    const { file } = await writeReport(run.folder, run.record);
    expect(await readFile(file, 'utf8')).toContain('no longer there');
    for (const name of ['labels.arrow', 'judgements.arrow']) await rm(join(run.folder, name));
    const unfinished = { ...run.record, status: 'running' as const, training: null, classes: [] };
    await writeReport(run.folder, unfinished);
    expect(await readFile(file, 'utf8')).toContain('This run is not finished');
  });
});
