import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import {
  freePort,
  makeCertificate,
  type RedisServer,
  type Stack,
  startRedisServer,
  startStack,
} from '../index.js';

let server: RedisServer | undefined;
let stack: Stack | undefined;
let folder: string | undefined;

afterEach(async () => {
  await stack?.stop();
  await server?.stop();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

test('a Redis with TLS, user and password accepts tasks, runs them and wakes waiting callers', async () => {
  folder = mkdtempSync(join(tmpdir(), 'agenthook-tls-'));
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const made = makeCertificate('localhost');
  writeFileSync(key, made.key);
  writeFileSync(certificate, made.cert);
  const port = await freePort();
  server = await startRedisServer({
    aof: true,
    options: {
      'tls-port': String(port),
      'tls-cert-file': certificate,
      'tls-key-file': key,
      'tls-ca-cert-file': certificate,
      'tls-auth-clients': 'no',
    },
  });
  const admin = new Redis(server.url);
  await admin.call('ACL', 'SETUSER', 'app', 'on', '>p@ss/word', '~*', '&*', '+@all');
  admin.disconnect();

  const running = await startStack({
    redisUrl: `rediss://app:${encodeURIComponent('p@ss/word')}@localhost:${port}`,
    env: { NODE_EXTRA_CA_CERTS: certificate },
  });
  stack = running;
  const { token } = await running.mintWebhook((await running.createAgent({ name: 'Far' })).id);
  const { body } = await running.trigger(token, {
    sandbox: { steps: [{ latency_ms: 1_000 }], reply: 'done' },
  });
  const waited = await running.request<{ status: string }>(
    'GET',
    `/api/task_status?task_id=${body.task_id}&wait=20`,
  );
  expect(waited.body.status).toBe('SUCCESS');
  expect(running.logs()).not.toMatch(/p@ss|p%40ss/);
}, 60_000);
