import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Redis } from 'ioredis';
import {
  freePort,
  type ManagedProcess,
  makeCertificate,
  type RedisServer,
  type Stack,
  startLossyLink,
  startRedisServer,
  startStack,
  until,
} from '../index.js';

jest.setTimeout(60_000);

let folder: string;
let server: RedisServer;
let admin: Redis;
let tlsPort: number;
const stacks: Stack[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'agenthook-refused-'));
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const made = makeCertificate('localhost');
  writeFileSync(key, made.key);
  writeFileSync(certificate, made.cert);
  tlsPort = await freePort();
  server = await startRedisServer({
    options: {
      databases: '16',
      'tls-port': String(tlsPort),
      'tls-cert-file': certificate,
      'tls-key-file': key,
      'tls-ca-cert-file': certificate,
      'tls-auth-clients': 'no',
    },
  });
  admin = new Redis(server.url);
  await admin.call('ACL', 'SETUSER', 'app', 'on', '>secret-word', '~*', '&*', '+@all');
  await admin.call('ACL', 'SETUSER', 'one', 'on', '>secret-word', '~*', '&*', '+@all', '-select');
});
afterAll(async () => {
  for (const stack of stacks) await stack.stop();
  admin?.disconnect();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts an api and a worker that cannot start, and returns what each printed. */
async function refused(redisUrl: string): Promise<string[]> {
  const stack = await startStack({ redisUrl, apis: 0, workers: 0 });
  stacks.push(stack);
  const ended = async (process: ManagedProcess) => {
    expect(await process.exited).toEqual({ code: 1, signal: null });
    return process.log();
  };
  const worker = ended(await stack.startWorker());
  await expect(stack.startApi()).rejects.toThrow('a process ended instead');
  return [await ended(stack.apis[0] as ManagedProcess), await worker];
}

test.each([
  ['a database that does not exist', () => `${server.url}/99`, /has no database 99 for us: .* Set another/],
  ['a database with a typo', () => `${server.url}/1x`, /REDIS_URL must be .* the number of a database/],
  [
    'a user who may not select',
    () => `redis://one:secret-word@127.0.0.1:${server.port}/3`,
    /has no database 3 for us: NOPERM .* Set another/,
  ],
  [
    'a wrong password',
    () => `redis://app:guessed-word@127.0.0.1:${server.port}/3`,
    /refuses the login: WRONGPASS .* Put the right user and password into REDIS_URL/,
  ],
  [
    'a certificate that nobody vouches for',
    () => `rediss://localhost:${tlsPort}`,
    /TLS with Redis at localhost:\d+ failed: self-signed certificate.* Check its certificate/,
  ],
])('%s ends the start with one line', async (_name, url, line) => {
  const began = performance.now();
  for (const printed of await refused(url())) {
    expect(printed).toMatch(line);
    expect(printed.trim().split('\n')).toHaveLength(1);
    expect(printed).not.toContain('-word');
  }
  expect(performance.now() - began).toBeLessThan(20_000);
  expect(await admin.dbsize()).toBe(0);
});

test.each(['info', 'copy', 'evalsha'])(
  'a Redis whose %s was renamed ends the start with one line',
  async (name) => {
    const renamed = await startRedisServer({ options: { [`rename-command ${name}`]: '' } });
    for (const printed of await refused(renamed.url)) {
      expect(printed).toMatch(
        new RegExp(`Redis at [^ ]+ does not know ${name.toUpperCase()}\\. Give it its name back`),
      );
      expect(printed.trim().split('\n')).toHaveLength(1);
    }
    await renamed.stop();
  },
);

test('a web server at the address of Redis ends the start with one line', async () => {
  const web = createServer((_request, response) => response.end('hello')).listen(0, '127.0.0.1');
  const { port } = await until('it listens', () => web.address() as AddressInfo | null);
  for (const printed of await refused(`redis://127.0.0.1:${port}`))
    expect(printed).toMatch(/(api|worker): What answers at 127.0.0.1:\d+ is not Redis. Set REDIS_URL, .*\n$/);
  web.close();
});

test('processes whose database is missing after a failover use no other', async () => {
  const smaller = await startRedisServer({ options: { databases: '4' } });
  const link = await startLossyLink(server.port);
  const stack = await startStack({ redisUrl: `redis://127.0.0.1:${link.port}/12` });
  stacks.push(stack);
  const { token } = await stack.mintWebhook((await stack.createAgent({ name: 'a' })).id);
  const send = async () => (await stack.trigger(token, { sandbox: { reply: 'done' } })).status;
  expect(await send()).toBe(200);
  link.pointTo(smaller.port);
  await link.loseNextAnswer();
  await until('the api notices', async () => (await send()) === 503);
  for (let n = 0; n < 20; n++) expect(await send()).toBe(503);
  const other = new Redis(smaller.url);
  expect([await other.dbsize(), (await stack.request('GET', '/readyz')).status]).toEqual([0, 503]);
  other.disconnect();
  link.pointTo(server.port);
  await until('the api is back', async () => (await send()) === 200, { timeoutMs: 20_000 });
  for (const process of [...stack.apis, ...stack.workers]) expect(process.exit()).toBeUndefined();
  await stack.stop();
  await link.close();
  await smaller.stop();
});
