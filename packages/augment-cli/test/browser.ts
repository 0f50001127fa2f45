import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { chromium, type BrowserContextOptions, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';

const executable = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync);

/** Whether there is no browser to test in; where CI is set, its absence is a failure and no reason to skip. */
export const noBrowser = executable === undefined && !process.env.CI;

/** A page in a real browser, with everything that it should not do. */
export interface OpenedPage {
  readonly tab: Page;
  /** Console messages and errors. */
  readonly problems: readonly string[];
  /** What was asked for besides the file itself and data URLs. */
  readonly requests: readonly string[];
}

/** Opens a file in headless Chromium; closed when the test is finished. */
export async function openInBrowser(
  file: string,
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const browser = await chromium.launch({
    ...(executable !== undefined && { executablePath: executable }),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  onTestFinished(() => browser.close());
  const tab = await (await browser.newContext(options)).newPage();
  const [problems, requests]: [string[], string[]] = [[], []];
  tab.on('console', (message) => problems.push(message.text()));
  tab.on('pageerror', (error) => problems.push(error.message));
  tab.on('dialog', (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  const url = pathToFileURL(file).href;
  tab.on('request', (request) => {
    const asked = request.url();
    if (asked !== url && !asked.startsWith('data:')) requests.push(asked);
  });
  await tab.goto(url);
  return { tab, problems, requests };
}
