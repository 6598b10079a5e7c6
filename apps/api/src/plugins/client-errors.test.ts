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

/** Sends bytes, and reads until the server closes. */
async function send(bytes: string): Promise<string> {
  const { port } = env.app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  return await text(socket);
}

const HEAD = 'POST /api/webhooks/agents/whk_x HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';

test.each([
  ['is no HTTP', '\x16\x03\x01\r\n\r\n', 400, 'invalid_request'],
  ['has two lengths', `${HEAD}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`, 400, 'invalid_request'],
  ['has chunks that are none', `${HEAD}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}`, 400, 'invalid_request'],
  ['has too large a head', `${HEAD}X-A: ${'a'.repeat(20_000)}\r\n\r\n`, 431, 'headers_too_large'],
])('what %s is answered with a problem', async (_what, bytes, status, code) => {
  const [head = '', body = ''] = (await send(bytes)).split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(head).toMatch(/^content-type: application\/problem\+json/im);
  expect(JSON.parse(body)).toMatchObject({ status, code });
});

test('a caller who hangs up in mid-request is logged as that, and not as a Redis that is away', async () => {
  const lines: string[] = [];
  const app = Fastify({ logger: { stream: { write: (line: string) => lines.push(line) } } });
  registerProblems(app);
  app.post('/hooks/:token', async () => ({}));
  await app.listen({ host: '127.0.0.1', port: 0 });
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  socket.write(`${HEAD.replace(/ .* /, ' /hooks/whk_x ')}Content-Length: 9\r\n\r\n{"a"`, () =>
    socket.destroy(),
  );
  const said = await until('it is logged', () => lines.find((line) => line.includes('hung up')));
  expect(JSON.parse(said)).toMatchObject({ method: 'POST', route: '/hooks/:token' });
  expect(lines.join()).not.toMatch('Redis');
  await app.close();
});
