import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { startAugment } from './binary.js';

/** A browser of this machine; undefined where there is none. */
export const browserFile = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync);

/** A review that is being served. */
export interface ReviewSession {
  readonly url: string;
  readonly pid: number;
  /** Everything on stderr so far. */
  stderr(): string;
  /** Sends a signal and gives the exit code, null where the signal ended it. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

const running = new Set<ChildProcessWithoutNullStreams>();

/** Starts `augment review` and waits for its address. */
export async function startReview(
  folder: string,
  options: { args?: readonly string[]; by?: readonly string[] } = {},
): Promise<ReviewSession> {
  const child = startAugment(['review', '--run', folder, ...(options.args ?? [])], options);
  running.add(child);
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const closed = once(child, 'close').finally(() => running.delete(child)) as Promise<
    [number | null]
  >;
  let url: string | undefined;
  for await (const line of createInterface(child.stdout)) {
    url = /http:[^"]+/.exec(line)?.[0];
    if (url !== undefined) break;
  }
  if (url === undefined || child.pid === undefined) throw new Error(stderr);
  return {
    url,
    pid: child.pid,
    stderr: () => stderr,
    async end(signal = 'SIGINT') {
      child.kill(signal);
      const [code] = await closed;
      return code;
    },
  };
}

/** Opens pages in one browser for the tests of a file; its reviews are ended with it. */
export function reviewBrowser(): { open(url: string): Promise<ReviewPage> } {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({
      ...(browserFile !== undefined && { executablePath: browserFile }),
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
  });
  afterAll(async () => {
    for (const child of running) child.kill('SIGKILL');
    await browser.close();
  });
  return {
    async open(url) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      const problems: string[] = [];
      page.on('console', (message) => problems.push(message.text()));
      page.on('pageerror', (error) => problems.push(error.message));
      await page.goto(url);
      await page.locator('.cell').first().waitFor();
      return Object.assign(page, { problems });
    },
  };
}

/** A page of a review, and what its console said. */
export type ReviewPage = Page & { readonly problems: string[] };

/** Waits until the page says that all is saved. */
export async function saved(page: Page): Promise<void> {
  await page.locator('#saved[data-state=saved]').waitFor();
}

/** Presses keys one after the other. */
export async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

/** Sends a request as no browser would, and gives its status, headers and text. */
export async function ask(
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
