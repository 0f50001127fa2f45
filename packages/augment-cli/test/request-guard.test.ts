import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { guardRequest } from '../src/review/request-guard.js';

const ask = (host: string, port: number) => {
  const headers = { host, origin: `http://${host}` };
  const request = Object.assign(new IncomingMessage(new Socket()), {
    headers,
    url: '/secret/state',
    method: 'GET',
  });
  return guardRequest(request, { port, token: 'secret' });
};
const refused = { status: 403, reason: 'This address is not served under that name.' };

it("serves under this machine's own names and port alone", () => {
  expect(ask('127.0.0.1:8080', 8080)).toBe('state');
  expect(ask('localhost:8080', 8080)).toBe('state');
  for (const host of ['127.0.0.1', 'localhost:80', 'evil.example:8080']) {
    expect(ask(host, 8080)).toEqual(refused);
  }
});

it('takes the port of http for named, as browsers leave it out', () => {
  expect(ask('127.0.0.1', 80)).toBe('state');
  expect(ask('localhost:80', 80)).toBe('state');
  expect(ask('evil.example', 80)).toEqual(refused);
});
