import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  type Answer,
  countTasks,
  type ModelServer,
  type RedisServer,
  type Stack,
  startOpenAiServer,
  startRedisServer,
  startStack,
  until,
} from '../index.js';

let redis: RedisServer | undefined;
let stack: Stack | undefined;
let model: ModelServer | undefined;

afterEach(async () => {
  redis?.resume();
  await stack?.stop();
  await redis?.stop();
  await model?.close();
  redis = stack = model = undefined;
});

/** An answer, and how long it took in ms. */
async function timed<T>(ask: Promise<T>): Promise<T & { ms: number }> {
  const started = performance.now();
  const answer = await ask;
  return { ...answer, ms: performance.now() - started };
}

function expectUnavailable({ status, headers, body, ms }: Answer<unknown> & { ms: number }): void {
  expect(status).toBe(503);
  expect(headers.get('content-type')).toContain('application/problem+json');
  expect(body).toMatchObject({ status: 503, code: 'redis_unavailable' });
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  expect(ms).toBeLessThan(9_000);
}

const reply = (text: string, latency_ms = 0) => ({
  sandbox: { steps: [{ text: '', latency_ms }], reply: text },
});

describe('while Redis is down', () => {
  test('callers are refused within 3 s; afterwards everything continues by itself and nothing is lost', async () => {
    const server = await startRedisServer({ aof: true });
    redis = server;
    const env = await startStack({ redisUrl: server.url, env: { WORKER_CONCURRENCY: '4' } });
    stack = env;
    const { token } = await env.mintWebhook((await env.createAgent({ name: 'Outage' })).id);
    const accepted = new Map<string, string>();
    const trigger = async (text: string, latencyMs?: number) => {
      const { status, body } = await env.trigger(token, reply(text, latencyMs));
      expect(status).toBe(200);
      accepted.set(body.task_id, text);
      return body.task_id;
    };

    const finished = await trigger('finished before');
    await env.poll(finished);
    // Two end while Redis is down, two after it is back.
    const running = await Promise.all(
      [2_500, 2_500, 7_000, 7_000].map((latencyMs) => trigger(`ran ${latencyMs} ms`, latencyMs)),
    );
    for (const id of running) {
      await until('it runs', async () => (await env.status(id)).body.status === 'STARTED');
    }
    const waiting = await Promise.all(Array.from({ length: 20 }, (_, n) => trigger(`waited ${n}`)));
    expect((await env.status(waiting[0] as string)).body.status).toBe('PENDING');

    await server.down('SIGKILL');
    const newWorker = env.startWorker();
    for (const pauseMs of [0, 1_000, 2_500]) {
      await sleep(pauseMs);
      expectUnavailable(await timed(env.trigger(token, reply('refused'))));
      expectUnavailable(await timed(env.status(finished)));
      expect((await fetch(`${env.url}/healthz`)).status).toBe(200);
      const ready = await env.request('GET', '/readyz');
      expect(ready).toMatchObject({ status: 503, body: { ready: false, redis: false } });
    }

    await server.restart();
    const restarted = performance.now();
    await until('the api accepts tasks', async () => (await env.status(finished)).status === 200, {
      timeoutMs: 15_000,
    });
    await trigger('after');
    for (const [id, text] of accepted) {
      expect(await env.poll(id, { timeoutMs: 30_000 })).toMatchObject({
        status: 'SUCCESS',
        result: { answer: text },
      });
    }
    console.log(`all tasks ended ${Math.round(performance.now() - restarted)} ms after Redis was back`);

    // The worker that was started without Redis works.
    await newWorker;
    await env.workers[0]?.stop();
    expect((await env.poll(await trigger('by the new one'))).result.answer).toBe('by the new one');
  });
});

describe('while Redis hangs', () => {
  test('a refused task neither exists nor runs later', async () => {
    const server = await startRedisServer();
    redis = server;
    const provider = await startOpenAiServer();
    model = provider;
    const env = await startStack({ redisUrl: server.url, env: { OPENAI_BASE_URL: provider.url } });
    stack = env;
    const { token } = await env.mintWebhook(
      (await env.createAgent({ name: 'Hang', model: 'compatible:test-model' })).id,
    );

    const accepted: string[] = [];
    let refused = 0;
    let flooding = true;
    const flood = Promise.all(
      // Large bodies fill the socket. Redis reads them in pieces and serves workers in between.
      Array.from({ length: 50 }, async (_, caller) => {
        for (let n = 0; flooding; n++) {
          const marker = `<${caller}-${n}>`;
          const answer = await timed(env.trigger(token, { question: marker, padding: 'x'.repeat(200_000) }));
          if (answer.status === 200) {
            accepted.push(marker);
          } else {
            refused += 1;
            expectUnavailable(answer);
          }
        }
      }),
    );
    // Each pause interrupts the callers at another point between their first command and their last.
    for (let pause = 0; pause < 3; pause++) {
      await sleep(200);
      server.pause();
      await sleep(2_000);
      server.resume();
    }
    flooding = false;
    await flood;

    const ran = () => provider.requests.map(({ body }) => /<\d+-\d+>/.exec(JSON.stringify(body))?.[0]).sort();
    await until('all accepted tasks ran', () => ran().length >= accepted.length, { timeoutMs: 60_000 });
    await sleep(2_000);
    expect(refused).toBeGreaterThan(0);
    expect(ran()).toEqual(accepted.sort());
    expect(await countTasks(server.url)).toBe(accepted.length);
  }, 180_000);
});
