import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { RunError } from '../errors.js';
import type { Review } from './open-review.js';
import type { SaveRequest } from './protocol.js';
import { guardRequest, type Place } from './request-guard.js';
import { reviewPage } from './review-page.js';
import { reviewStyle } from './review-style.js';

/** The page's modules, as they were compiled. */
const PAGE_FOLDER = new URL('./page/', import.meta.url);
/** Longest request in bytes: a decision on some million rows. */
const MAX_BODY = 32 << 20;

/** Sent with everything: nothing from elsewhere, nothing for elsewhere, nothing inline. */
const safeHeaders = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#22684a"/><path d="M4 8.5 7 11.5 12 5" fill="none" stroke="#fff" stroke-width="2"/></svg>';

const decision = z.object({
  rows: z.array(z.int()).min(1),
  review: z.enum(['accepted', 'rejected']).nullable(),
});
const saveRequest = z.object({
  since: z.int().min(0),
  page: z.string().min(1).max(64),
  first: z.int().min(0),
  actions: z.array(z.union([decision, z.object({ undo: z.literal(true) })])),
});

/** What is sent back. */
interface Answer {
  readonly status?: number;
  readonly type: string;
  readonly body: string | Uint8Array;
  /** How long a browser may keep it; nothing is kept without. */
  readonly keepSeconds?: number;
}

/** A served review. */
export interface ReviewServer {
  /** The page's address, token included. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves a review's page on this machine only.
 *
 * @param port 0 for a free one
 * @throws RunError when the port cannot be had
 */
export async function serveReview(review: Review, port: number): Promise<ReviewServer> {
  const files = await pageFiles();
  const token = randomBytes(24).toString('base64url');
  const place: Place & { port: number } = { port, token };
  const server = createServer((request, response) => {
    void answerTo(request, place, review, files)
      .catch((error: unknown): Answer => problem(500, (error as Error).message))
      .then((answer) => {
        send(response, answer, request.method === 'HEAD');
      });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening').catch((error: unknown) => {
    throw new RunError(
      `Cannot serve on port ${port} (${(error as Error).message}); choose another with --port, 0 for a free one.`,
    );
  });
  place.port = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${place.port}/${token}/`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** What the page consists of, by the address behind the token. */
async function pageFiles(): Promise<Map<string, Answer>> {
  const names = (await readdir(PAGE_FOLDER)).filter((name) => name.endsWith('.js'));
  const modules = names.map(async (name): Promise<[string, Answer]> => {
    const body = await readFile(new URL(name, PAGE_FOLDER));
    return [name, { type: 'text/javascript; charset=utf-8', body }];
  });
  return new Map<string, Answer>([
    ['', { type: 'text/html; charset=utf-8', body: reviewPage() }],
    ['review.css', { type: 'text/css; charset=utf-8', body: reviewStyle }],
    ['icon.svg', { type: 'image/svg+xml', body: icon }],
    ...(await Promise.all(modules)),
  ]);
}

async function answerTo(
  request: IncomingMessage,
  place: Place,
  review: Review,
  files: ReadonlyMap<string, Answer>,
): Promise<Answer> {
  const wanted = guardRequest(request, place);
  if (typeof wanted !== 'string') return problem(wanted.status, wanted.reason);
  if (wanted === 'save') {
    return request.method === 'POST' ? save(request, review) : problem(405, 'Expected POST.');
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') return problem(405, 'Expected GET.');
  const file = files.get(wanted);
  if (file) return file;
  if (wanted === 'state') return json(200, await review.state());
  // Rows are all that an address can name: no path comes from it.
  const row = /^image\/(\d{1,9})$/.exec(wanted)?.[1];
  if (row === undefined) return problem(404, 'There is nothing here.');
  try {
    const { type, bytes } = await review.image(Number(row));
    return { type, body: bytes, keepSeconds: 3600 };
  } catch (error) {
    return problem(404, `Row ${row}: ${(error as Error).message}`);
  }
}

async function save(request: IncomingMessage, review: Review): Promise<Answer> {
  if (request.headers['content-type'] !== 'application/json') {
    return problem(415, 'Expected application/json.');
  }
  const parsed = saveRequest.safeParse(parseJson(await bodyOf(request)));
  if (!parsed.success) return problem(400, 'Expected actions.');
  const asked: SaveRequest = parsed.data;
  const rows = asked.actions.flatMap((action) => ('rows' in action ? action.rows : []));
  const odd = rows.find((row) => !review.has(row));
  if (odd !== undefined) return problem(400, `Row ${odd} is no generated row.`);
  try {
    return json(200, await review.save(asked));
  } catch (error) {
    return problem(507, (error as Error).message);
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY) return '';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function json(status: number, content: unknown): Answer {
  return { status, type: 'application/json', body: JSON.stringify(content) };
}

function problem(status: number, error: string): Answer {
  return json(status, { error });
}

function send(response: ServerResponse, answer: Answer, isHead: boolean): void {
  const { status = 200, type, body, keepSeconds } = answer;
  response.writeHead(status, {
    ...safeHeaders,
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control':
      keepSeconds === undefined ? 'no-store' : `private, max-age=${keepSeconds}, immutable`,
  });
  response.end(isHead ? undefined : body);
}
