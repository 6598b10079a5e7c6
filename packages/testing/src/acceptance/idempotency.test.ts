import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import {
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

/** A stack on its own Redis, with the webhook of a new agent, reached through any of its api processes. */
async function started(server: RedisServer, agent: object, env: Record<string, string> = {}) {
  redis = server;
  const running = await startStack({ redisUrl: server.url, apis: 2, env });
  stack = running;
  const { token } = await running.mintWebhook((await running.createAgent({ name: 'Once', ...agent })).id);
  const post = (api: number, body: unknown, key: string) =>
    running.trigger(`${running.apis[api % 2]?.url}/api/webhooks/agents/${token}`, body, {
      'idempotency-key': key,
    });
  return { running, token, post };
}

/** The status of a request that sends the header twice, which fetch cannot do. */
const statusOfTwoKeys = (url: string) =>
  new Promise<number | undefined>((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': ['one', 'one'] };
    request(url, { method: 'POST', headers }, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end('{}');
  });

test('200 concurrent posts through two processes create one task; retries work after its end', async () => {
  const server = await startRedisServer();
  const { running, token, post } = await started(server, {});
  const event = { sandbox: { steps: [{ text: '', latency_ms: 300 }], reply: 'once' } };
  const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => post(n, event, 'order-1')));

  const [{ body }] = answers as [(typeof answers)[0]];
  for (const answer of answers) expect(answer).toMatchObject({ status: 200, body });
  const replays = answers.map(({ headers }) => headers.get('idempotent-replayed'));
  expect(replays.filter((header) => header === null)).toHaveLength(1);
  expect(replays.filter((header) => header === 'true')).toHaveLength(199);
  expect(await countTasks(server.url)).toBe(1);

  expect(await running.poll(body.task_id)).toMatchObject({ status: 'SUCCESS', result: { answer: 'once' } });
  const failing = { sandbox: { steps: [{ fail: 'auth' }] } };
  const failed = (await post(0, failing, 'order-2')).body;
  expect(await running.poll(failed.task_id)).toMatchObject({ status: 'FAILURE' });
  for (const api of [0, 1]) {
    expect(await post(api, event, 'order-1')).toMatchObject({ status: 200, body });
    expect(await post(api, failing, 'order-2')).toMatchObject({ status: 200, body: failed });
    const reused = await post(api, { other: 'body' }, 'order-1');
    expect(reused).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    expect(JSON.stringify(reused.body)).not.toMatch(new RegExp(`once|${body.task_id}`));
  }
  expect(await statusOfTwoKeys(`${running.url}/api/webhooks/agents/${token}`)).toBe(400);
  expect(await countTasks(server.url)).toBe(2);
});

test('keys survive a crash of Redis, and a retry after a 503 creates one task', async () => {
  const server = await startRedisServer({ aof: true });
  const { running, post } = await started(server, {});
  const before = (await post(0, { n: 1 }, 'before')).body;
  await running.poll(before.task_id);
  await server.down('SIGKILL');
  for (const api of [0, 1]) expect((await post(api, { n: 2 }, 'during')).status).toBe(503);
  await server.restart();
  const during = await until('the retry is accepted', async () => {
    const answer = await post(1, { n: 2 }, 'during');
    return answer.status === 200 && answer.body;
  });
  await until('the other process is back', async () => (await post(0, { n: 2 }, 'during')).status === 200);
  expect(await post(0, { n: 2 }, 'during')).toMatchObject({ status: 200, body: during });
  expect(await post(0, { n: 1 }, 'before')).toMatchObject({ status: 200, body: before });
  expect(await running.poll(during.task_id)).toMatchObject({ status: 'SUCCESS' });
  expect(await countTasks(server.url)).toBe(2);
});

test('senders that repeat what was refused while Redis hung run each event once', async () => {
  const server = await startRedisServer();
  const provider = await startOpenAiServer();
  model = provider;
  const { running, post } = await started(
    server,
    { model: 'compatible:test-model' },
    { OPENAI_BASE_URL: provider.url },
  );
  const tasks = new Map<string, string>();
  let refused = 0;
  let sending = true;
  const senders = Promise.all(
    // Large bodies fill the sockets, so that commands are interrupted half-way.
    Array.from({ length: 30 }, async (_, sender) => {
      for (let n = 0; sending; n++) {
        const marker = `<${sender}-${n}>`;
        for (let api = sender; ; api++) {
          const answer = await post(api, { question: marker, padding: 'x'.repeat(100_000) }, marker);
          if (answer.status === 200) {
            tasks.set(marker, answer.body.task_id);
            break;
          }
          expect(answer.status).toBe(503);
          refused += 1;
        }
      }
    }),
  );
  for (let pause = 0; pause < 3; pause++) {
    await sleep(300);
    server.pause();
    await sleep(1_500);
    server.resume();
  }
  sending = false;
  await senders;

  for (const id of tasks.values()) {
    expect(await running.poll(id, { timeoutMs: 30_000 })).toMatchObject({ status: 'SUCCESS' });
  }
  await sleep(2_000);
  expect(refused).toBeGreaterThan(0);
  const ran = provider.requests.map(({ body }) => /<\d+-\d+>/.exec(JSON.stringify(body))?.[0]).sort();
  expect(ran).toEqual([...tasks.keys()].sort());
  expect(new Set(tasks.values()).size).toBe(tasks.size);
  expect(await countTasks(server.url)).toBe(tasks.size);
}, 120_000);
