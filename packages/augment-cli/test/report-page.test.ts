import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { encodePng } from '@evenset/dataset-io';
import { chromium } from 'playwright-core';
import { expect, it } from 'vitest';
import { reportPage } from '../src/report/report-page.js';
import type { RunRecord } from '../src/run/run-record.js';

const browserFile = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync);
const label = '<img src=x onerror=alert(1)> & 👕';

const record: RunRecord = {
  format: 'evenset.run',
  formatVersion: 1,
  command: 'augment',
  status: 'short',
  startedAt: '2026-01-01T00:00:00.000Z',
  finishedAt: '2026-01-01T00:10:00.000Z',
  options: { minScore: 0.05 },
  inputs: {
    manifest: 'm',
    manifestSha256: '',
    imagesSha256: '',
    images: 50,
    quarantined: 0,
    initSha256: null,
  },
  engine: { name: 'onnx', device: 'CPU, 2 threads', threads: 2 },
  versions: {},
  model: { classes: [label], size: 8, channels: 1, outputSize: 8 },
  training: {
    steps: 9,
    totalSteps: 9,
    seconds: 75,
    chosen: { step: 8, kernelDistance: 0.01 },
    faults: [{ step: 7, reason: 'lossG is NaN', goodStep: 4 }],
  },
  generator: null,
  classes: [
    {
      label,
      real: 50,
      generated: 0,
      target: 60,
      missing: 10,
      refused: 0,
      accepted: 3,
      attempts: 40,
      rejected: { 'low-score': 30, 'near-copy': 7 },
      warnings: [],
      calibrationImages: 5,
      noveltyBasis: 'leave-one-out',
      quality: null,
    },
  ],
  warnings: ['a warning'],
};

async function page(): Promise<string> {
  const pixels = Uint8Array.from({ length: 64 }, (_, i) => 4 * i);
  const png = await encodePng({ pixels, width: 8, height: 8, channels: 1 });
  const scores = Array.from({ length: 40 }, (_, i) => ({
    score: i / 40,
    outcome: i < 37 ? ('rejected' as const) : ('accepted' as const),
  }));
  const look = { rollbacks: 0, elapsedSeconds: 1, kernelDistance: 0.25 };
  const looks = [
    { ...look, step: 4, diversity: { [label]: 0.5, other: 0.9 }, jensenShannon: 0.125 },
    { ...look, step: 8, diversity: {} },
  ];
  return reportPage(record, looks, [{ label, generated: [png, png, png], real: [png], scores }]);
}

it('says what was reached and why candidates were rejected', async () => {
  const text = await page();
  expect(text).toMatch(/Short of the target: 3 of 10 missing images were accepted/);
  expect(text).toMatch(/30 \(75 %\)/);
  expect(text).not.toMatch(/<img src=x/);
});

it('shows what was seen during training, with a dash where nothing was measured', async () => {
  const text = (await page()).replace(/\s+/g, ' ');
  expect(text).toContain('At step 7, lossG is NaN; the last good step was 4.');
  expect(text).toMatch(/<th>4<\/th> <td>0\.2500<\/td> <td>0\.125<\/td> <td>-<\/td>/);
  expect(text).toMatch(/👕 0\.50<\/td>/);
  expect(text).toMatch(/<th>8 \(chosen\)<\/th>/);
});

it.skipIf(browserFile === undefined)(
  'shows in a browser, without errors and without network',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'evenset-report-'));
    const file = join(folder, 'report.html');
    await writeFile(file, await page());
    const browser = await chromium.launch({
      ...(browserFile !== undefined && { executablePath: browserFile }),
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
    try {
      const tab = await browser.newPage();
      const problems: string[] = [];
      const requests: string[] = [];
      tab.on('console', (message) => problems.push(message.text()));
      tab.on('pageerror', (error) => problems.push(error.message));
      tab.on('request', (request) => requests.push(request.url()));
      await tab.goto(pathToFileURL(file).href);
      expect(await tab.locator('h2').allTextContents()).toContain(label);
      const widths = await tab
        .locator('img')
        .evaluateAll((images) => images.map((image) => (image as HTMLImageElement).naturalWidth));
      expect(widths).toEqual([8, 8, 8, 8]);
      expect(await tab.locator('svg rect').count()).toBeGreaterThan(10);
      expect(problems).toEqual([]);
      expect(
        requests.filter((url) => !url.startsWith('file:') && !url.startsWith('data:')),
      ).toEqual([]);
    } finally {
      await browser.close();
      await rm(folder, { recursive: true });
    }
  },
);
