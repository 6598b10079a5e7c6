import { freshRedis } from '@agenthook/testing';
import { afterEach, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { FIRST_AGENT_ID, firstAgent } from '../test/fixtures/first-agent.js';
import { DATA_VERSION } from './data-version.js';
import { createLogger } from './log.js';
import { openContext } from './open-context.js';
import { keys } from './redis/keys.js';

const log = createLogger('test', 'silent');
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function emptyRedis() {
  const { url, close } = await freshRedis();
  await close();
  const redis = new Redis(url);
  ends.push(() => redis.quit());
  return { url, redis };
}

async function open(redisUrl: string) {
  const opened = await openContext(
    {
      redisUrl,
      secretKey: 'a test key of enough length',
      shards: 1,
      resultTtlSeconds: 3600,
      connection: 'fail-fast',
    },
    log,
  );
  ends.push(() => opened.close(1_000));
  return opened.ctx;
}

test('an empty Redis gets the version of this program', async () => {
  const { url, redis } = await emptyRedis();
  await open(url);
  expect(await redis.get(keys.dataVersion)).toBe(String(DATA_VERSION));
});

test('data from before versions is migrated, by several processes at a time', async () => {
  const { url, redis } = await emptyRedis();
  const { hash, version } = firstAgent();
  await redis.hset(keys.agent(FIRST_AGENT_ID), hash);
  await redis.hset(keys.agentVersions(FIRST_AGENT_ID), '1', version);
  await redis.zadd(keys.agents, 0, FIRST_AGENT_ID);
  await redis.hset(keys.agent('agt_damaged'), { ...hash, current: 'no JSON' });
  await redis.zadd(keys.agents, 0, 'agt_damaged');
  await Promise.all([open(url), open(url), open(url)]);
  expect(await redis.get(keys.dataVersion)).toBe(String(DATA_VERSION));
  const summary = JSON.parse((await redis.hget(keys.agent(FIRST_AGENT_ID), 'summary')) ?? 'null');
  expect(summary).toMatchObject({ version: 1, name: 'Old triage', tags: [], model: 'sandbox:echo' });
});

test.each([
  [
    String(DATA_VERSION + 1),
    /has version \d+, but this AgentHook reads versions up to \d+\. Start the newer/,
  ],
  ['two', /"two", is no number: restore a backup/],
])('data of version %s is refused with what to do, and nothing is written', async (version, line) => {
  const { url, redis } = await emptyRedis();
  await redis.set(keys.dataVersion, version);
  await expect(open(url)).rejects.toThrow(line);
  expect(await redis.get(keys.dataVersion)).toBe(version);
});
