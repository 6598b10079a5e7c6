import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import {
  avoidMidnight,
  type HttpServer,
  type ModelServer,
  type Stack,
  startHttpServer,
  startOpenAiServer,
  startStack,
  until,
} from '../index.js';

// Workers are killed between the decision that people are told and its delivery: at once, and in the middle
// of the request. What is told has the id of its event, by which a receiver knows a repetition.

let stack: Stack;
let model: ModelServer;
let receiver: HttpServer;
let redis: Redis;
/** The types of the events whose next request is never answered. All others are answered at once. */
const hanging = new Set<string>();
/** The ids of events that were answered. */
const heard = new Set<string | undefined>();

beforeAll(async () => {
  model = await startOpenAiServer();
  receiver = await startHttpServer(({ body, headers }, response) => {
    const { type = '' } = JSON.parse(body || '{}') as { type?: string };
    if (hanging.delete(type)) return;
    heard.add(headers['webhook-id']);
    response.writeHead(204).end();
  });
  const env = {
    OPENAI_BASE_URL: model.url,
    OPENAI_API_KEY: 'a-key',
    EGRESS_ALLOW: '127.0.0.1',
    TASK_LOCK_SECONDS: '3',
  };
  stack = await startStack({ env });
  redis = new Redis(stack.redisUrl);
  await stack.request('POST', '/api/notify-channels', { name: 'pager', type: 'webhook', url: receiver.url });
});
beforeEach(() => {
  hanging.clear();
  heard.clear();
  receiver.calls.length = 0;
  model.forget();
});
afterAll(async () => {
  redis?.disconnect();
  await stack?.stop();
  await Promise.all([model?.close(), receiver?.close()]);
});

/** Kills the worker as soon as something is true, and starts another one. */
async function killOnce(isTime: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 90_000;
  for (; !(await isTime()); await setTimeout(1)) if (Date.now() > end) throw new Error('it was never time');
  stack.workers.at(-1)?.signal('SIGKILL');
  await stack.startWorker();
}

interface Event {
  type: string;
  data: { url?: string; rule_id?: string; task_id: string | null };
}
/** What arrived, by the id of its event. */
const events = () =>
  new Map(receiver.calls.map(({ headers, body }) => [headers['webhook-id'], JSON.parse(body) as Event]));
const typesOf = (about: Partial<Event['data']>) =>
  [...events()]
    .filter(([id]) => heard.has(id))
    .map(([, event]) => event)
    .filter(({ data }) => Object.entries(about).every(([field, value]) => data[field as 'url'] === value))
    .map(({ type }) => type)
    .sort();

async function agentWith(fields: object) {
  const agent = await stack.createAgent({ name: 'Told', limits: { max_attempts: 1 }, ...fields });
  const { token } = await stack.mintWebhook(agent.id);
  return {
    id: agent.id,
    trigger: async (payload: unknown) => (await stack.trigger(token, payload)).body.task_id,
  };
}

test.each(['at once', 'in the middle of the request'])(
  'an alert is told once and its end once, whatever is killed %s',
  async (when) => {
    const agent = await agentWith({});
    const { body } = await stack.request<{ id: string }>('POST', '/api/alert-rules', {
      ...{ name: 'Fails', type: 'first_failure', agent_id: agent.id, channels: ['pager'] },
    });
    const rule = { rule_id: body.id };
    const isOpen = async () =>
      (await redis.hkeys('{agenthook}:alerts:open')).some((place) => place.startsWith(body.id));
    const isInRequest = (type: string) => async () => receiver.calls.some(({ body }) => body.includes(type));
    if (when !== 'at once') hanging.add('alert.opened').add('alert.resolved');
    const isBegun = when === 'at once' ? isOpen : isInRequest('alert.opened');
    await Promise.all([agent.trigger({ sandbox: { steps: [{ fail: 'refused' }] } }), killOnce(isBegun)]);
    await until('it is told', () => typesOf(rule).length === 1, { timeoutMs: 60_000 });
    const isOver = when === 'at once' ? async () => !(await isOpen()) : isInRequest('alert.resolved');
    await Promise.all([agent.trigger({ sandbox: { reply: 'fine' } }), killOnce(isOver)]);
    await until('its end is told', () => typesOf(rule).length === 2, { timeoutMs: 60_000 });
    expect(typesOf(rule)).toEqual(['alert.opened', 'alert.resolved']);
  },
  180_000,
);

test('an approval is told once to the callback and the channel, and its link decides', async () => {
  const agent = await agentWith({
    model: 'compatible:m',
    callback: { url: `${receiver.url}/callback` },
    notify: ['pager'],
    tools: [
      { type: 'http', name: 'refund', method: 'POST', url: `${receiver.url}/refund`, approval: 'always' },
    ],
  });
  model.respond({ tool_calls: [{ id: 'c1', name: 'refund', arguments: {} }] }, { text: 'Done.' });
  const isAsked = async () => (await redis.zcard('{agenthook:0}:asking')) > 0;
  const [task_id] = await Promise.all([agent.trigger({ order: 'A-1' }), killOnce(isAsked)]);
  await until('both are told', () => typesOf({ task_id }).length === 2, { timeoutMs: 60_000 });
  expect(typesOf({ task_id })).toEqual(['task.action_required', 'task.action_required']);
  expect(new Set(receiver.calls.map(({ path }) => path))).toEqual(new Set(['/', '/callback']));
  const [event] = [...events().values()].filter(({ data }) => data.task_id === task_id);
  expect((await fetch(`${event?.data.url}`)).status).toBe(200);
  expect((await stack.status(task_id)).body.status).toBe('STARTED');
  const decided = await fetch(`${event?.data.url}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"decision":"approve"}',
  });
  expect(decided.status).toBe(200);
  expect((await stack.poll(task_id)).status).toBe('SUCCESS');
  expect(receiver.calls.filter(({ path }) => path === '/refund')).toHaveLength(1);
  expect((await stack.request('DELETE', `/api/tasks/${task_id}`)).status).toBe(204);
  // The worker may still hold the delivery of the end.
  await until('nothing is left', async () => (await redis.keys(`*${task_id}*`)).length === 0);
}, 120_000);

test('spend: told once a day has cost too much', async () => {
  await avoidMidnight();
  const agent = await agentWith({ model: 'openai:gpt-5-mini' });
  const { body } = await stack.request<{ id: string }>('POST', '/api/alert-rules', {
    ...{ name: 'Costs', type: 'spend', usd: 0.000001, agent_id: agent.id, channels: ['pager'] },
  });
  model.respond({ text: 'Fine.' });
  await stack.poll(await agent.trigger({}));
  await until('it is told', () => typesOf({ rule_id: body.id }).length === 1, { timeoutMs: 60_000 });
  expect(typesOf({ rule_id: body.id })).toEqual(['alert.opened']);
}, 90_000);
