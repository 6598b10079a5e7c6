import { createServer, type Socket } from 'node:net';
import { sleep } from '@agenthook/async';
import { createEgress, type Egress } from '@agenthook/egress';
import { freePort, until } from '@agenthook/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { caller, toolEnvironment } from '../testing/tool-environment.js';
import { postgresTool } from './postgres.js';
import { ToolError } from './tool.js';

let egress: Egress;

beforeAll(() => {
  egress = createEgress({ allow: ['127.0.0.1'] });
});
afterAll(() => egress.close());

async function ask(url: string, signal: AbortSignal): Promise<unknown> {
  const env = toolEnvironment({ egress, secrets: { url } });
  const opened = await postgresTool.open({ type: 'postgres', name: 'db' }, env, { signal });
  return await caller(opened)('db', { query: 'SELECT 1' }, signal);
}

test.each([
  ['nothing', '', /not set/],
  ['no URL', 'secret-x', /not a URL/],
  ['an unescaped password', 'postgres://u:a/secret-x@h/d', /percent-encoded/],
  ['another protocol', 'mysql://u:secret-x@h/d', /postgres:\/\//],
  ['no user', 'postgres://h/d', /no user/],
  ['no host', 'postgres:///d', /no host/],
  ['an unknown sslmode', 'postgres://u:secret-x@h/d?sslmode=sure', /sslmode must be/],
])('%s as URL, before connecting', async (_name, url, message) => {
  const error = await ask(url, AbortSignal.timeout(60_000)).catch((failure: Error) => failure);
  expect(error).toBeInstanceOf(ToolError);
  expect((error as Error).message).toMatch(message);
  expect((error as Error).message).not.toContain('secret-x');
});

test('a closed port, and a silent server', async () => {
  const port = await freePort();
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  await until('it listens', () => silent.listening);
  const { port: silentPort } = silent.address() as { port: number };
  const at = (to: number, signal: AbortSignal) => ask(`postgres://u:p@127.0.0.1:${to}/d`, signal);
  const never = new AbortController().signal;
  await expect(at(port, never)).rejects.toThrow(/is unreachable: ECONNREFUSED/);
  const controller = new AbortController();
  const waiting = at(silentPort, controller.signal);
  await sleep(100);
  controller.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  silent.close();
  for (const socket of sockets) socket.destroy();
});
