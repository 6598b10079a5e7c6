import type { AgentInput } from '@agenthook/contracts';
import { postOf, until } from '@agenthook/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { countCommands, testContext } from '../../test/context.js';
import { createAgent } from '../agents/create-agent.js';
import { mintWebhook } from '../agents/mint-webhook.js';
import { patchAgent } from '../agents/update-agent.js';
import type { Context } from '../context.js';
import { eraseTasks } from '../erasing/erase-many.js';
import { keys } from '../redis/keys.js';
import { readTotals } from '../stats/queue-depth.js';
import { readStats } from '../stats/read-stats.js';
import { listTasks } from '../tasks/list/list-tasks.js';
import { taskTrace } from '../tasks/trace.js';
import { acceptRejection } from './accept-rejection.js';
import { listFiltered, listRejections } from './list-rejections.js';
import { testAgent } from './test-agent.js';
import { trigger } from './trigger.js';

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;

beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
});
beforeEach(() => ctx.redis.flushdb());
afterAll(() => env?.close());

const OPENED = 'headers["x-github-event"] == "issues" && payload.action == "opened"';

/** An agent, and a function that posts to it as GitHub would. */
async function agentWith(input: Partial<AgentInput>) {
  const { id } = await createAgent(ctx, { name: 'a', ...input }, 'sandbox:echo');
  const { token } = await mintWebhook(ctx, id, 0);
  const post = (payload: unknown, headers: Record<string, string> = {}, query = '') =>
    trigger(ctx, {
      token,
      ...postOf(JSON.stringify(payload), { 'x-github-event': 'issues', ...headers }),
      query,
    });
  return { id, token, post };
}
const stored = async () => (await listTasks(ctx, {}, { limit: 100 })).tasks;
const filtered = async (id: string) => (await listFiltered(ctx, id, { limit: 100 })).events;
/** The events that are kept, once as many are: they are stored after the answer. */
const kept = (id: string, count: number) =>
  until(`${count} events are kept`, async () => {
    const events = await filtered(id);
    return events.length === count && events;
  });

describe('an event that the filter does not want', () => {
  test('creates no task, is counted, and is kept with its bytes', async () => {
    const { id, post } = await agentWith({ filter: OPENED });
    expect(await post({ action: 'opened' })).toMatchObject({ outcome: 'accepted' });
    const { outcome, ...rest } = await post({ action: 'closed' }, { authorization: 'Bearer secret' });
    expect([outcome, rest]).toEqual(['filtered', { agent_id: id, reason: 'filter' }]);
    expect(await stored()).toHaveLength(1);
    expect(await kept(id, 1)).toMatchObject([
      {
        id: expect.stringMatching(/^flt_/),
        reason: 'filter',
        sender: null,
        method: 'POST',
        headers: { 'x-github-event': 'issues', authorization: null },
        body: '{"action":"closed"}',
        truncated: false,
        accepted: null,
      },
    ]);
    expect((await listRejections(ctx, id, { limit: 10 })).rejections).toEqual([]);
    const span = { fromMs: Date.now() - 3_600_000, toMs: Date.now() + 3_600_000, stepHours: 1 };
    for (const agents of [[id], undefined])
      expect((await readStats(ctx, span, agents)).totals).toMatchObject({
        triggered: 1,
        filtered: 1,
        rejected: 0,
      });
    expect(await readTotals(ctx)).toMatchObject({ filtered: 1 });
  });

  test('need not match the input schema', async () => {
    const { post } = await agentWith({ filter: OPENED, input_schema: { required: ['issue'] } });
    expect(await post({ action: 'closed' })).toMatchObject({ outcome: 'filtered' });
    expect(await post({ action: 'opened' })).toMatchObject({ outcome: 'rejected', code: 'invalid_payload' });
    expect(await post({ action: 'opened', issue: {} })).toMatchObject({ outcome: 'accepted' });
  });

  test('may depend on the query string', async () => {
    const { post } = await agentWith({ filter: 'query.?source.orValue("") == "crm"' });
    expect(await post({}, {}, 'source=crm&x=1')).toMatchObject({ outcome: 'accepted' });
    expect(await post({})).toMatchObject({ outcome: 'filtered' });
  });

  test('gives its rate back', async () => {
    const { post } = await agentWith({ filter: OPENED, limits: { rate_per_minute: 2 } });
    for (let n = 0; n < 10; n++)
      expect(await post({ action: 'closed' })).toMatchObject({
        outcome: 'filtered',
        rate: { waitMs: 0 },
      });
    expect(await post({ action: 'opened' })).toMatchObject({ outcome: 'accepted' });
  });

  test('is the same at each retry, and never becomes a second task', async () => {
    const { id, post } = await agentWith({ filter: OPENED });
    const key = { 'idempotency-key': 'one' };
    for (let n = 0; n < 2; n++)
      expect(await post({ action: 'closed' }, key)).toMatchObject({ outcome: 'filtered' });
    await patchAgent(ctx, id, { filter: 'true' });
    const first = await post({ action: 'closed' }, key);
    expect(first).toMatchObject({ outcome: 'accepted' });
    expect(await post({ action: 'closed' }, key)).toEqual({ ...first, outcome: 'duplicate' });
    await patchAgent(ctx, id, { filter: 'false' });
    expect(await post({ action: 'closed' }, key)).toMatchObject({ outcome: 'filtered' });
    expect(await stored()).toHaveLength(1);
  });

  test('can be run after all, once', async () => {
    const { id, post } = await agentWith({ filter: OPENED });
    const key = { 'idempotency-key': 'two' };
    await post({ action: 'closed' }, key);
    const [event] = await kept(id, 1);
    const run = await acceptRejection(ctx, id, event?.id ?? '');
    expect(run.isNew).toBe(true);
    expect(await acceptRejection(ctx, id, event?.id ?? '')).toEqual({ ...run, isNew: false });
    expect(await filtered(id)).toMatchObject([{ accepted: { task_id: run.task_id } }]);
    expect(await taskTrace(ctx, run.task_id)).toMatchObject({
      trigger: 'rejection',
      payload: { action: 'closed' },
    });
    await patchAgent(ctx, id, { filter: null });
    expect(await post({ action: 'closed' }, key)).toMatchObject({
      outcome: 'duplicate',
      task_id: run.task_id,
    });
    await eraseTasks(ctx, { agentId: id, beforeMs: Date.now() + 60_000, cancel: true });
    expect(await filtered(id)).toEqual([]);
  });

  test('of a large body is left out before anything is checked', async () => {
    const { id, post } = await agentWith({
      filter: 'payload.action == "opened" && payload.items.all(i, i.n >= 0.0)',
      input_schema: { required: ['issue'] },
    });
    const items = Array.from({ length: 8_000 }, (_, n) => ({ n, text: 'some words' }));
    expect(await post({ action: 'closed', items })).toMatchObject({ outcome: 'filtered' });
    expect(await post({ action: 'opened', items })).toMatchObject({ code: 'invalid_payload' });
    expect(await post({ action: 'opened', items, issue: {} })).toMatchObject({ outcome: 'accepted' });
    const [event] = await kept(id, 1);
    expect(event?.body_bytes).toBeGreaterThan(200_000);
  });
});

describe('an event of an ignored author', () => {
  test.each([
    ['GitHub', { sender: { login: 'octobot[bot]', id: 7 } }],
    ['GitHub, by number', { sender: { login: 'renamed', id: 41 } }],
    ['GitLab', { user: { username: 'octobot[bot]' } }],
    ['Slack', { event: { type: 'message', bot_id: 'B0123' } }],
    ['Linear', { actor: { id: '9a3d' } }],
  ])('is left out: %s', async (_sender, payload) => {
    const ignore_senders = ['octobot[bot]', '41', 'B0123', '9a3d'];
    const { id, post } = await agentWith({ ignore_senders });
    expect(await post(payload)).toMatchObject({ outcome: 'filtered', reason: 'ignored_sender' });
    expect(await kept(id, 1)).toMatchObject([{ reason: 'ignored_sender', sender: expect.any(String) }]);
    expect(await post({ sender: { login: 'someone' }, user: 5, event: [], actor: null })).toMatchObject({
      outcome: 'accepted',
    });
  });
});

describe('a filter without a value', () => {
  test('runs the event, and the task says why', async () => {
    const { post } = await agentWith({ filter: 'payload.issue.number > 5' });
    const { task_id } = (await post({ action: 'opened' })) as { task_id: string };
    const filter_error = 'filter: No such key: issue';
    expect(await stored()).toMatchObject([{ task_id, filter_error }]);
    expect(await taskTrace(ctx, task_id)).toMatchObject({ filter_error });
  });

  test('because it takes too long runs the event, small or large', async () => {
    const { post } = await agentWith({
      filter: 'payload.a.all(x, payload.a.all(y, payload.a.all(z, x + y + z >= 0.0)))',
    });
    for (const count of [2_000, 30_000]) {
      const outcome = await post({ a: Array.from({ length: count }, (_, n) => n) });
      expect(outcome).toMatchObject({ outcome: 'accepted' });
    }
    for (const { filter_error } of await stored())
      expect(filter_error).toBe('filter: evaluating it takes more than 250 ms');
  });
});

test('a test of the owner runs, unless it acts as a sender', async () => {
  const { id } = await agentWith({ filter: 'payload.action == "opened"' });
  const request = { body: Buffer.from('{"action":"closed"}'), headers: {} };
  expect(await testAgent(ctx, id, { ...request, send: 'direct' })).toMatchObject({
    outcome: { outcome: 'accepted' },
  });
  expect(await testAgent(ctx, id, { ...request, send: 'unsigned' })).toMatchObject({
    outcome: { outcome: 'filtered' },
  });
  expect(await filtered(id)).toEqual([]);
});

test('a filter that does not compile is refused with its place', async () => {
  const save = (filter: string) => createAgent(ctx, { name: 'a', filter }, 'sandbox:echo');
  await expect(save('payload.action ==\n  = 5')).rejects.toMatchObject({
    code: 'invalid_filter',
    issues: [{ path: '/filter', line: 2, column: 3, message: expect.any(String) }],
  });
  await expect(save('"text"')).rejects.toMatchObject({
    issues: [{ path: '/filter', line: 1, column: 1, message: expect.stringContaining('string') }],
  });
});

test('agents without a filter store nothing about it in their gate, and need no command for it', async () => {
  const plain = await agentWith({});
  const gate = JSON.parse((await ctx.redis.hget(keys.agent(plain.id), 'gate')) ?? '');
  expect(Object.keys(gate)).toEqual(['status', 'version', 'max_attempts', 'max_pending']);
  const { post } = await agentWith({ filter: OPENED });
  for (const each of [plain.post, post]) {
    await each({ action: 'opened' });
    const counts = countCommands(ctx.redis);
    await each({ action: 'opened' });
    expect(Object.fromEntries(counts)).toEqual({ evalsha: 2 });
  }
});
