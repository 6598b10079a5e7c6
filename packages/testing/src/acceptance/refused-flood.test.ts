import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { type RedisServer, type Stack, startRedisServer, startStack, until } from '../index.js';

jest.setTimeout(120_000);

const FLOOD = 3_000;
const AT_ONCE = 40;
const SECRET = 'a secret of enough length';

let server: RedisServer;
let admin: Redis;
let stack: Stack;
beforeAll(async () => {
  server = await startRedisServer();
  admin = new Redis(server.url);
  stack = await startStack({ redisUrl: server.url, workers: 0, env: { TRUST_PROXY: 'loopback' } });
});
afterAll(async () => {
  await stack?.stop();
  admin?.disconnect();
  await server?.stop();
});

const scriptsRun = async () =>
  [...(await admin.info('commandstats')).matchAll(/^cmdstat_evalsha:calls=(\d+)/gm)].reduce(
    (sum, [, calls]) => sum + Number(calls),
    0,
  );

test('refused posts at one webhook cost little, and are limited for their address alone', async () => {
  const signed = await stack.createAgent({ name: 'a', signature: { scheme: 'github', secret: SECRET } });
  const { token } = await stack.mintWebhook(signed.id);
  const other = (await stack.mintWebhook((await stack.createAgent({ name: 'b' })).id)).token;
  const from = (address: string) => ({ 'x-forwarded-for': address });
  const before = await scriptsRun();
  const counts = new Map<number, number>();
  let left = FLOOD;
  let flooding = true;
  const flood = async () => {
    while (left-- > 0) {
      const { status, headers, body } = await stack.trigger(token, { n: left }, from('192.0.2.1'));
      counts.set(status, (counts.get(status) ?? 0) + 1);
      if (status !== 429) continue;
      expect(headers.get('retry-after')).toBe('1');
      expect(body).toMatchObject({ status: 429, code: 'rate_limited' });
    }
  };
  const others = async () => {
    for (let sent = 0; flooding; sent++) {
      expect((await stack.trigger(other, { sent }, from('192.0.2.1'))).status).toBe(200);
      expect((await stack.trigger(token, {}, from('198.51.100.7'))).status).toBe(401);
      await sleep(250);
    }
  };
  const bystanders = others();
  await Promise.all(Array.from({ length: AT_ONCE }, flood));
  flooding = false;
  await bystanders;
  const refused = counts.get(401) ?? 0;
  expect(refused + (counts.get(429) ?? 0)).toBe(FLOOD);
  expect(refused).toBeGreaterThanOrEqual(200);
  expect(refused).toBeLessThan(FLOOD / 2);
  expect((await scriptsRun()) - before).toBeLessThan(FLOOD);

  const body = JSON.stringify({ good: true });
  const signature = `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`;
  const headers = { ...from('192.0.2.1'), 'x-hub-signature-256': signature, 'x-github-event': 'push' };
  await until(
    'a good request passes',
    async () => (await stack.trigger(token, body, headers)).status === 200,
  );
  const rejected = async () => {
    const path = `/api/stats?agent_id=${signed.id}`;
    return (await stack.request<{ totals: { rejected: number } }>('GET', path)).body.totals.rejected;
  };
  await until('all are counted', async () => (await rejected()) >= FLOOD);
});
