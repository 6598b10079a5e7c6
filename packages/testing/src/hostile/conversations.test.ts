import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { type RedisServer, type Stack, startRedisServer, startStack } from '../harness/index.js';
import { times } from './wire.js';

/** Senders decide how many open tasks a conversation has, and Redis does nothing else while one enters. */

let server: RedisServer;
let stack: Stack;
let redis: Redis;
beforeAll(async () => {
  server = await startRedisServer();
  stack = await startStack({ redisUrl: server.url, workers: 0 });
  redis = new Redis(server.url);
});
afterAll(async () => {
  redis?.disconnect();
  await stack?.stop();
  await server?.stop();
});

/** How many commands Redis has carried out, those of scripts included. */
async function commands(): Promise<number> {
  const counts = (await redis.info('commandstats')).matchAll(/^cmdstat_[^:]+:calls=(\d+)/gm);
  return [...counts].reduce((sum, [, calls]) => sum + Number(calls), 0);
}

test.each(['queue', 'parallel', 'supersede'])(
  '%s: an event costs the same beside many open tasks',
  async (when_busy) => {
    const { id } = await stack.createAgent({ name: 'Target', conversation: { key: 'one', when_busy } });
    const { token } = await stack.mintWebhook(id);
    const send = () => stack.trigger(token, {});
    const costOf = async (events: number) => {
      const before = await commands();
      for (let n = 0; n < events; n++) expect((await send()).status).toBe(200);
      return ((await commands()) - before) / events;
    };
    const alone = await costOf(20);
    await Promise.all(times(400, send));
    // Ends those that came together and were superseded at once.
    await send();
    expect(await costOf(20)).toBeLessThan(alone + 50);
  },
);
