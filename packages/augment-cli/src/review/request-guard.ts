import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Where a review is served. */
export interface Place {
  readonly port: number;
  /** Stands in every address, unguessable. */
  readonly token: string;
}

/** Why a request is refused, and the status that says so. */
export interface Refusal {
  readonly status: 403;
  readonly reason: string;
}

/** Names that resolve to this machine whatever a name server says. */
const ownNames = ['127.0.0.1', 'localhost'];

/**
 * What follows the token in the address of a request that comes from our own page, or why it is refused:
 * another Host (a name that was rebound to this machine), another page's request, or a wrong token.
 */
export function guardRequest(request: IncomingMessage, { port, token }: Place): string | Refusal {
  const { host = '', origin, 'sec-fetch-site': site, 'sec-fetch-mode': mode } = request.headers;
  // Browsers leave the port of http out.
  const suffixes = port === 80 ? ['', ':80'] : [`:${port}`];
  if (!ownNames.some((name) => suffixes.some((suffix) => host === name + suffix))) {
    return refuse('This address is not served under that name.');
  }
  const [, given = '', ...rest] = (request.url ?? '').split('/');
  if (!isEqual(given, token)) return refuse('The token in the address is wrong.');
  // A link to the page may stand anywhere; whoever has it has the token.
  const isVisit = request.method === 'GET' && mode === 'navigate' && rest.join('/') === '';
  const isForeign =
    (origin !== undefined && origin !== `http://${host}`) ||
    (site !== undefined && site !== 'same-origin' && site !== 'none');
  if (isForeign && !isVisit) return refuse('Another page asked for this.');
  if (request.method === 'POST' && origin === undefined) {
    return refuse('Nothing is saved without an Origin.');
  }
  return rest.join('/');
}

function refuse(reason: string): Refusal {
  return { status: 403, reason };
}

/** Whether two texts are equal, in a time that does not tell where they differ. */
function isEqual(a: string, b: string): boolean {
  const [one, other] = [a, b].map((text) => createHash('sha256').update(text).digest());
  return one !== undefined && other !== undefined && timingSafeEqual(one, other);
}
