import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { until } from '@agenthook/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import Fastify from 'fastify';
import { testApp } from '../../test/app.js';
import { registerProblems } from './problems.js';

let env: Awaited<ReturnType<typeof testApp>>;

beforeAll(async () => {
  env = await testApp();
  await env.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => env?.close());

/** Sends bytes, and reads until the server closes the connection. */
async function send(bytes: string): Promise<string> {
  const { port } = env.app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  return await text(socket);
}

const HEAD = 'POST /api/webhooks/agents/whk_x HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';

test.each([
  ['is not HTTP', '\x16\x03\x01\r\n\r\n', 400, 'invalid_request'],
  ['has two lengths', `${HEAD}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`, 400, 'invalid_request'],
  ['has invalid chunks', `${HEAD}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}`, 400, 'invalid_request'],
  ['has a head that is too large', `${HEAD}X-A: ${'a'.repeat(20_000)}\r\n\r\n`, 431, 'headers_too_large'],
])('%s is answered with a problem', async (_what, bytes, status, code) => {
  const [head = '', body = ''] = (await send(bytes)).split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(head).toMatch(/^content-type: application\/problem\+json/im);
  expect(JSON.parse(body)).toMatchObject({ status, code });
});

test.each([
  [
    'a header that goes on in a second line',
    `${HEAD}X-A: b\r\n c\r\n\r\n`,
    'Unexpected whitespace after header value',
  ],
  ['lines that end in LF alone', 'POST / HTTP/1.1\nHost: a\n\n', 'Expected CRLF after version'],
])('%s is named', async (_what, bytes, reason) => {
  const [, body = ''] = (await send(bytes)).split('\r\n\r\n');
  expect(JSON.parse(body).detail).toBe(`The request is not valid HTTP: ${reason}.`);
});

const GET = 'GET /healthz HTTP/1.1\r\n';

test.each([
  ['has two hosts', `${GET}Host: a\r\nhost: b\r\nConnection: close\r\n\r\n`, 400, 'invalid_request'],
  ['has no host', `${GET}Connection: close\r\n\r\n`, 400, 'invalid_request'],
  ['has an invalid host', `${GET}Host: a/b?\r\nConnection: close\r\n\r\n`, 400, 'invalid_request'],
  [
    'has no host, at a URL that cannot be read',
    'GET /%ff HTTP/1.1\r\nConnection: close\r\n\r\n',
    400,
    'invalid_request',
  ],
  [
    'has an unknown Expect',
    `${HEAD}Expect: 200-ok\r\nContent-Length: 7\r\n\r\n{"a":1}`,
    417,
    'expectation_failed',
  ],
  ['has two Expects', `${GET}Host: a\r\nExpect: magic, other\r\n\r\n`, 417, 'expectation_failed'],
  ['has too many headers', `${GET}Host: a\r\n${'A: b\r\n'.repeat(300)}\r\n`, 431, 'headers_too_large'],
  [
    'has a length and chunks',
    `${HEAD}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
    'invalid_request',
  ],
  [
    'has the same length twice',
    `${HEAD}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}`,
    400,
    'invalid_request',
  ],
  [
    'has chunks in another coding',
    `${HEAD}Transfer-Encoding: chunked, gzip\r\n\r\n{}`,
    400,
    'invalid_request',
  ],
  [
    'has a folded line',
    `${GET}Host: a\r\nA: b\r\n c\r\n B\r\nConnection: close\r\n : x\r\n\r\n`,
    400,
    'invalid_request',
  ],
  ['has a space before a colon', `${GET}Host : a\r\n\r\n`, 400, 'invalid_request'],
  ['has an invalid method', 'FROB /healthz HTTP/1.1\r\nHost: a\r\n\r\n', 400, 'invalid_request'],
  [
    'asks for a tunnel',
    'CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n',
    400,
    'invalid_request',
  ],
  ['has another HTTP version', 'GET /healthz HTTP/9.9\r\nHost: a\r\n\r\n', 400, 'invalid_request'],
])(
  'a request that %s is answered with a problem, and its connection closed',
  async (_what, bytes, status, code) => {
    const [head = '', body = ''] = (await send(bytes)).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toMatch(/^content-type: application\/problem\+json/im);
    expect(head).toMatch(/^x-content-type-options: nosniff$/im);
    expect(head).toMatch(/^connection: close$/im);
    expect(JSON.parse(body)).toMatchObject({ status, code });
  },
);

test.each([
  ['HTTP/1.0 without a host', 'GET /healthz HTTP/1.0\r\n\r\n'],
  ['an address with a port', `${GET}Host: [::1]:7091\r\nConnection: close\r\n\r\n`],
  ['a hundred headers', `${GET}Host: a\r\n${'X-A: b\r\n'.repeat(100)}Connection: close\r\n\r\n`],
])('%s is accepted', async (_what, bytes) => {
  expect(await send(bytes)).toMatch(/^HTTP\/1.1 200 /);
});

test('a client that asks before sending is told to continue', async () => {
  const answer = await send(
    `${HEAD}Expect: 100-continue\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}`,
  );
  expect(answer).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 404 /);
});

test('a caller who disconnects during a request is logged as such, not as a Redis outage', async () => {
  const lines: string[] = [];
  const app = Fastify({ logger: { stream: { write: (line: string) => lines.push(line) } } });
  registerProblems(app);
  app.post('/hooks/:token', async () => ({}));
  await app.listen({ host: '127.0.0.1', port: 0 });
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  socket.write(`${HEAD.replace(/ .* /, ' /hooks/whk_x ')}Content-Length: 9\r\n\r\n{"a"`, () =>
    socket.destroy(),
  );
  const said = await until('it is logged', () =>
    lines.find((line) => line.includes('closed the connection')),
  );
  expect(JSON.parse(said)).toMatchObject({ method: 'POST', route: '/hooks/:token' });
  expect(lines.join()).not.toMatch('Redis');
  await app.close();
});
