import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { atOnce } from '../harness/at-once.js';
import { type Answer, startRedisServer, startStack, type TaskBody, until } from '../index.js';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanUps.splice(0).reverse()) await clean();
});

async function start(env: Record<string, string> = {}) {
  const ownRedis = await startRedisServer({ aof: true });
  cleanUps.push(() => ownRedis.stop());
  const running = await startStack({ redisUrl: ownRedis.url, env });
  cleanUps.push(running.stop);
  const { token } = await running.mintWebhook((await running.createAgent({ name: 'Waited for' })).id);
  const fire = async (latency_ms: number) => {
    const payload = { sandbox: { steps: [{ latency_ms }], reply: 'done' } };
    const { status, body } = await running.trigger(token, payload);
    expect(status).toBe(200);
    return body.task_id;
  };
  const wait = async (taskId: string, seconds: number | string, signal?: AbortSignal) => {
    const began = performance.now();
    const response = await fetch(`${running.url}/api/task_status?task_id=${taskId}&wait=${seconds}`, {
      ...(signal && { signal }),
    });
    const body = (await response.json()) as TaskBody;
    const answer: Answer<TaskBody> = { status: response.status, headers: response.headers, body };
    return { ...answer, ms: performance.now() - began };
  };
  return { running, ownRedis, fire, wait };
}

/** How often each Redis command was called since its start. */
async function commandCalls(client: Redis): Promise<Map<string, number>> {
  const lines = (await client.info('commandstats')).matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm);
  return new Map([...lines].map(([, name = '', calls]) => [name, Number(calls)]));
}

/** Long enough for all tasks to be started, and polled, before the first one ends. */
const RUN_MS = 45_000;

test('a thousand callers wait on one process, and each costs Redis at most two reads', async () => {
  const callers = 1_000;
  const { running, ownRedis, fire, wait } = await start({ WORKER_CONCURRENCY: '1000' });
  const client = new Redis(ownRedis.url);
  cleanUps.push(() => client.disconnect());
  const ids: string[] = [];
  // Not all at once, because an overloaded process answers some with 503, which this test is not about.
  while (ids.length < callers)
    ids.push(...(await Promise.all(Array.from({ length: 25 }, () => fire(RUN_MS)))));
  await until('all run', async () => (await client.llen('{agenthook:0}:tasks:active')) === callers, {
    timeoutMs: RUN_MS,
  });
  const readings = async () => (await commandCalls(client)).get('zscore') ?? 0;
  const blocked = async () => `${await client.client('LIST')}`.match(/flags=b.* cmd=xread /g) ?? [];
  const before = await commandCalls(client);

  const waiting = Promise.all(ids.map((id) => wait(id, 60)));
  await until('all wait', async () => (await readings()) - (before.get('zscore') ?? 0) >= callers, {
    timeoutMs: 30_000,
  });
  await until('one connection waits for all of them', async () => (await blocked()).length === 1);
  const answers = await waiting;
  const after = await commandCalls(client);
  const made = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0);

  expect(answers.filter(({ body }) => body.status === 'SUCCESS')).toHaveLength(callers);
  const late = answers.map(({ body, ms }) => [body, ms] as const);
  expect(late).toHaveLength(callers);
  // Reading a status is one script with one ZSCORE, if the task exists.
  const perCaller = made('zscore') / callers;
  console.log(
    `${callers} callers: ${made('zscore')} readings, ${made('xread')} XREAD, ${made('hmget')} HMGET in all`,
  );
  expect(perCaller).toBeLessThanOrEqual(2);
  expect(made('xread')).toBeLessThan(callers);
  expect((await fetch(`${running.url}/healthz`)).ok).toBe(true);
}, 180_000);

describe('callers who wait, each on processes of their own', () => {
  atOnce(
    {
      'a caller is answered when the task ends, or when the time is up': async () => {
        const { fire, wait } = await start();
        const id = await fire(1_000);
        const ended = await wait(id, 10);
        expect(ended.body).toMatchObject({ status: 'SUCCESS', result: { answer: 'done' } });
        expect(ended.headers.get('retry-after')).toBeNull();
        expect(ended.ms).toBeGreaterThan(500);
        expect(ended.ms).toBeLessThan(9_000);
        expect((await wait(id, 10)).ms).toBeLessThan(9_000);

        const early = await wait(await fire(5_000), 1);
        expect(early).toMatchObject({ status: 200, body: { status: 'STARTED', result: null } });
        expect(early.headers.get('retry-after')).toBe('1');
        expect(early.ms).toBeGreaterThan(990);
        expect(early.ms).toBeLessThan(5_000);

        const unknown = await wait('00000000-0000-8000-8000-000000000000', 10);
        expect(unknown).toMatchObject({ status: 404, body: { code: 'unknown_task' } });
        for (const bad of ['-1', '61', '1.5', 'x', '', '1&wait=2']) {
          expect([bad, await wait(id, bad)]).toMatchObject([
            bad,
            { status: 400, body: { code: 'invalid_request' } },
          ]);
        }
      },
      'callers who disconnect leave nothing behind; a shutdown answers waiting callers at once': async () => {
        const { running, fire, wait } = await start({ SHUTDOWN_GRACE_SECONDS: '20' });
        const id = await fire(30_000);
        const gone = new AbortController();
        const left = Promise.allSettled(Array.from({ length: 50 }, () => wait(id, 60, gone.signal)));
        const stays = Array.from({ length: 20 }, async () => ({
          ...(await wait(id, 60)),
          at: performance.now(),
        }));
        await sleep(1_000);
        gone.abort();
        expect((await left).every(({ status }) => status === 'rejected')).toBe(true);
        const began = performance.now();
        const stopped = running.apis[0]?.stop('SIGTERM');
        for (const { status, body, headers, at } of await Promise.all(stays)) {
          expect([status, body.status, headers.get('connection')]).toEqual([200, 'STARTED', 'close']);
          expect(at - began).toBeLessThan(15_000);
        }
        expect(await stopped).toEqual({ code: 0, signal: null });
        // A client may keep an unused connection, which looks like one that is about to send a request.
        expect(performance.now() - began).toBeLessThan(18_000);
        // It would wait for its task.
        running.workers[0]?.signal('SIGKILL');
      },
      'callers who wait while Redis is down are answered when the task ends, or refused when their time is up':
        async () => {
          const { fire, wait, ownRedis } = await start();
          const id = await fire(4_000);
          const short = wait(id, 2);
          const long = wait(id, 30);
          await sleep(1_000);
          await ownRedis.down('SIGKILL');
          const refused = await short;
          expect(refused).toMatchObject({ status: 503, body: { code: 'redis_unavailable' } });
          expect(refused.ms).toBeLessThan(10_000);
          await sleep(1_500);
          await ownRedis.restart();
          const ended = await long;
          expect(ended).toMatchObject({ status: 200, body: { status: 'SUCCESS' } });
          const after = Date.now() - Date.parse(ended.body.finished_at as string);
          console.log(`answered ${after} ms after the end, ${Math.round(ended.ms)} ms after the call`);
          expect(after).toBeLessThan(15_000);

          // A hanging Redis closes no connection.
          const other = await fire(10_000);
          const hanging = wait(other, 2);
          await sleep(500);
          ownRedis.pause();
          const late = await hanging;
          ownRedis.resume();
          expect(late.status).toBe(503);
          expect(late.ms).toBeLessThan(10_000);
        },
    },
    120_000,
  );
});
