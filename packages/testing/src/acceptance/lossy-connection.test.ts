import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import {
  chargingSteps,
  freshRedis,
  type HttpServer,
  type LossyLink,
  type Stack,
  startHttpServer,
  startLossyLink,
  startShop,
  startStack,
  until,
} from '../index.js';

let stack: Stack | undefined;
let link: LossyLink | undefined;
const servers: Pick<HttpServer, 'close'>[] = [];

afterEach(async () => {
  await stack?.stop();
  await link?.close();
  await Promise.all(servers.splice(0).map((server) => server.close()));
  stack = link = undefined;
});

const TASKS = 200;
const CALLS = 3;
/** How often the worker loses its connections, with answers in transit. */
const LOSSES = 25;

/**
 * The least time, in ms, that the api keeps asking a recovered Redis for a task before it gives up on a
 * caller.
 */
const PATIENCE_MS = 1_900;

/** The keys that occur more than once, with their counts. */
function repeated(list: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const key of list) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts].filter(([, count]) => count > 1);
}

/** This Jest worker's own database, emptied, by its URL and by a URL that can lose answers. */
async function openLink() {
  const { url: redisUrl, close } = await freshRedis();
  await close();
  const brokenUrl = new URL(redisUrl);
  const broken = await startLossyLink(Number(brokenUrl.port));
  link = broken;
  brokenUrl.port = String(broken.port);
  return { redisUrl, broken, brokenUrl: brokenUrl.href };
}

test('a worker whose Redis connections break again and again loses nothing and does nothing twice', async () => {
  const { redisUrl, broken, brokenUrl } = await openLink();
  const shop = await startShop();
  const { charges } = shop;
  const told = new Map<string, string[]>();
  const receiver = await startHttpServer(({ headers, body }, response) => {
    const { data } = JSON.parse(body) as { data: { task_id: string } };
    told.set(data.task_id, [...(told.get(data.task_id) ?? []), String(headers['webhook-id'])]);
    response.writeHead(204).end();
  });
  servers.push(shop, receiver);

  const running = await startStack({ redisUrl, workers: 0, env: { EGRESS_ALLOW: '127.0.0.1' } });
  stack = running;
  const agent = await running.createAgent({
    name: 'Charges',
    tools: [shop.tool],
    sandbox_tools: true,
    callback: { url: `${receiver.url}/done` },
  });
  const { token } = await running.mintWebhook(agent.id);
  const steps = chargingSteps(CALLS, 100);
  const ids: string[] = [];
  for (let order = 0; order < TASKS; order++) {
    const post = async () => {
      const payload = { order, sandbox: { steps, reply: 'done' } };
      const { status, body } = await running.trigger(token, payload, { 'idempotency-key': `order-${order}` });
      return status === 200 && body.task_id;
    };
    ids.push(await until('it is accepted', post));
  }

  await running.startWorker({ REDIS_URL: brokenUrl, WORKER_CONCURRENCY: '20' });
  for (let n = 0; n < LOSSES; n++) {
    const seen = charges.length;
    await until('it works again', () => charges.length >= seen + 5 || charges.length === TASKS * CALLS, {
      timeoutMs: 30_000,
    });
    await broken.loseNextAnswer();
  }
  expect(charges.length).toBeLessThan(TASKS * CALLS);

  for (const id of ids) {
    const { status, result } = await running.poll(id, { timeoutMs: 60_000 });
    expect([id, status, result.error]).toEqual([id, 'SUCCESS', undefined]);
    expect(result.tool_calls.map(({ error }: { error: unknown }) => error)).toEqual(Array(CALLS).fill(null));
  }
  expect(repeated(charges)).toEqual([]);
  expect(charges).toHaveLength(TASKS * CALLS);
  for (const id of ids) {
    const trace = await running.request<{ steps: unknown[] }>('GET', `/api/tasks/${id}`);
    expect([id, trace.body.steps.length]).toEqual([id, CALLS + 1]);
  }
  // At least once each, always under the id of its task.
  for (const deadline = Date.now() + 30_000; told.size < TASKS && Date.now() < deadline; ) await sleep(100);
  expect(told.size).toBe(TASKS);
  for (const [id, webhookIds] of told) expect(new Set(webhookIds)).toEqual(new Set([`cb-${id}`]));
}, 180_000);

test('an api whose Redis connection breaks again and again acknowledges exactly the tasks it has stored, as far as it can know in time', async () => {
  const { redisUrl, broken, brokenUrl } = await openLink();
  const running = await startStack({ redisUrl });
  stack = running;
  const api = await running.startApi({ REDIS_URL: brokenUrl });
  const agent = await running.createAgent({ name: 'Counted' });
  const { token } = await running.mintWebhook(agent.id);
  const acknowledged: string[] = [];
  const refused: number[] = [];
  let toldLate = 0;
  let goesOn = true;
  const send = async () => {
    while (goesOn) {
      const sent = performance.now();
      const { status, body } = await running.trigger(`${api.url}/api/webhooks/agents/${token}`, {});
      if (status === 200) acknowledged.push(body.task_id);
      else {
        refused.push(status);
        if (performance.now() - sent >= PATIENCE_MS) toldLate++;
        await sleep(20);
      }
    }
  };
  const senders = Array.from({ length: 6 }, send);
  for (let n = 0; n < LOSSES; n++) {
    const seen = acknowledged.length;
    await until('it works again', () => acknowledged.length > seen, { timeoutMs: 30_000 });
    await broken.loseNextAnswer();
  }
  goesOn = false;
  await Promise.all(senders);
  expect(new Set(refused)).toEqual(new Set([503]));

  const stored = await running.taskIds(agent.id);
  expect(stored).toEqual(expect.arrayContaining(acknowledged));
  // Only callers that had to be answered before Redis was back may have a wrong answer.
  expect(stored.length - acknowledged.length).toBeLessThanOrEqual(toldLate);
}, 120_000);

test('connections that go silent without closing are replaced: the api accepts tasks and the worker runs them', async () => {
  const { redisUrl, broken, brokenUrl } = await openLink();
  const running = await startStack({ redisUrl, workers: 0 });
  stack = running;
  const api = await running.startApi({ REDIS_URL: brokenUrl });
  await running.startWorker({ REDIS_URL: brokenUrl });
  const { token } = await running.mintWebhook((await running.createAgent({ name: 'Reached' })).id);
  const post = () => running.trigger(`${api.url}/api/webhooks/agents/${token}`, {});
  const before = await post();
  expect(await running.poll(before.body.task_id)).toMatchObject({ status: 'SUCCESS' });
  broken.swallow();
  expect((await post()).status).toBe(503);
  await until('the api accepts tasks again', async () => (await post()).status === 200, {
    timeoutMs: 30_000,
  });
  const { body } = await post();
  expect(await running.poll(body.task_id, { timeoutMs: 60_000 })).toMatchObject({ status: 'SUCCESS' });
}, 150_000);
