import { postOf, until } from '@agenthook/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { testContext } from '../../test/context.js';
import { agentWarnings } from '../agents/checks/agent-warnings.js';
import { createAgent } from '../agents/create-agent.js';
import { mintWebhook } from '../agents/mint-webhook.js';
import { patchAgent } from '../agents/update-agent.js';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { replayTask } from '../tasks/replay.js';
import { taskTrace } from '../tasks/trace.js';
import { acceptRejection } from './accept-rejection.js';
import { listRejections } from './list-rejections.js';
import { trigger } from './trigger.js';

const MASKS = [{ pointer: '/customer/email' }, { pattern: '\\b4\\d{15}\\b' }];
let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;

beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
});
beforeEach(() => ctx.redis.flushdb());
afterAll(() => env?.close());

async function agentWith(rest: object) {
  const { id } = await createAgent(ctx, { name: 'a', ...rest }, 'sandbox:echo');
  const { token } = await mintWebhook(ctx, id, 0);
  const post = async (body: string | Buffer, headers = {}, query = '') => {
    const sent = { ...postOf(body, headers), query, url: `/?${query}` };
    const outcome = await trigger(ctx, { token, ...sent });
    return 'task_id' in outcome ? outcome.task_id : outcome.outcome;
  };
  return { id, post };
}

/** Everything in Redis but agents, as text. */
async function everything(): Promise<string> {
  const parts: string[] = [];
  for (const key of await ctx.redis.keys('*')) {
    if (/:agent:[^:]+(?::version.*)?$/.test(key)) continue;
    const type = await ctx.redis.type(key);
    if (type === 'string') parts.push((await ctx.redis.get(key)) ?? '');
    if (type === 'hash') parts.push(JSON.stringify(await ctx.redis.hgetall(key)));
    if (type === 'list') parts.push(...(await ctx.redis.lrange(key, 0, -1)));
  }
  return parts.join('\n');
}

const CARD = '4111111111111111';
const EVENT = `{"customer":{"email":"ann@example.com","id":820982911946154508123},"note":"card ${CARD}"}`;

test('an event is masked before it is stored, in body, headers and query, and its replay stays so', async () => {
  const { post } = await agentWith({ masks: MASKS });
  const id = await post(EVENT, { 'x-card': CARD }, `card=${CARD}`);
  expect(await everything()).not.toMatch(/ann@example|4111/);
  const trace = await taskTrace(ctx, id);
  expect(JSON.stringify(trace?.payload)).toBe(
    '{"customer":{"email":"[masked]","id":820982911946154508123},"note":"card [masked]"}',
  );
  expect(trace).toMatchObject({ headers: { 'x-card': '[masked]' }, query: { card: '[masked]' } });
  const { task_id: again } = await replayTask(ctx, id, {});
  expect((await taskTrace(ctx, again))?.payload).toEqual(trace?.payload);
});

test('large events, texts, forms, bursts and tests are masked, too', async () => {
  const { id, post } = await agentWith({ masks: MASKS });
  const large = await post(
    JSON.stringify({ customer: { email: 'ann@example.com' }, text: `${'x '.repeat(50_000)}${CARD}` }),
  );
  const text = await post(`card ${CARD}`, { 'content-type': 'text/plain' });
  const form = await post(`customer=x&card=${CARD}`, { 'content-type': 'application/x-www-form-urlencoded' });
  expect(await taskTrace(ctx, large)).toMatchObject({ payload: { customer: { email: '[masked]' } } });
  expect(await taskTrace(ctx, text)).toMatchObject({ payload: 'card [masked]' });
  expect(await taskTrace(ctx, form)).toMatchObject({ payload: { card: '[masked]' } });
  await patchAgent(ctx, id, {
    burst: { key: '{{ payload.customer.email }}', window_seconds: 5, keep: 'all' },
  });
  const burst = await post(EVENT);
  expect(JSON.stringify(await taskTrace(ctx, burst))).not.toMatch(/ann@example|4111/);
  expect(await everything()).not.toMatch(/ann@example|4111/);
});

test('filter, schema and keys see what was sent, and a shown key is masked', async () => {
  const { post } = await agentWith({
    masks: [{ pattern: '[a-z]+@example\\.com' }],
    filter: 'payload.customer.email.endsWith("@example.com")',
    input_schema: { properties: { customer: { properties: { email: { pattern: '@' } } } } },
    conversation: { key: '{{ payload.customer.email }}' },
  });
  const ids = [await post(EVENT), await post(EVENT.replace('ann', 'bob'))];
  const conversations = (await Promise.all(ids.map((id) => taskTrace(ctx, id)))).map(
    (t) => t?.conversation_id,
  );
  expect(new Set(conversations).size).toBe(2);
  const { task_id: again } = await replayTask(ctx, ids[0] ?? '', {});
  expect((await taskTrace(ctx, again))?.conversation_id).toBe(conversations[0]);
  expect(await everything()).not.toMatch(/ann@example|bob@example/);
});

test('a refused event is kept masked, and runs so; one that cannot be masked is kept without its body', async () => {
  const { id, post } = await agentWith({ masks: MASKS, input_schema: { required: ['other'] } });
  await post(EVENT, { 'x-card': CARD });
  await post(`{"card":"${CARD}", no JSON`);
  await until('both are kept', async () => (await ctx.redis.hlen(keys.agentRejections(id))) === 2);
  const { rejections } = await listRejections(ctx, id, { limit: 10 });
  expect(await everything()).not.toMatch(/ann@example|4111/);
  const kept = rejections.find(({ code }) => code === 'invalid_payload');
  expect(kept).toMatchObject({ truncated: false, headers: { 'x-card': '[masked]' } });
  expect(rejections.find(({ code }) => code === 'invalid_json')).toMatchObject({ body: '', truncated: true });
  await patchAgent(ctx, id, { input_schema: null });
  const { task_id } = await acceptRejection(ctx, id, kept?.id ?? '');
  expect(JSON.stringify((await taskTrace(ctx, task_id))?.payload)).toContain('820982911946154508123');
});

test('saving masks warns that files are not masked', async () => {
  const { id } = await agentWith({ masks: MASKS });
  expect(await agentWarnings(ctx, id, 1)).toMatchObject([{ path: '/masks', code: 'files_not_masked' }]);
  const { id: other } = await agentWith({});
  expect(await agentWarnings(ctx, other, 1)).toEqual([]);
});

test('masks that cannot be used are refused', async () => {
  const refused = (masks: object[], path: string) =>
    expect(agentWith({ masks })).rejects.toMatchObject({ code: 'invalid_request', issues: [{ path }] });
  await refused([{ pointer: '/a' }, { pattern: '(' }], '/masks/1');
  await refused([{ pattern: '.*' }], '/masks/0');
  await refused([{ pointer: 'a' }], '/masks/0');
  await expect(agentWith({ retention: { store: 'redacted' } })).rejects.toMatchObject({
    code: 'invalid_request',
    issues: [{ path: '/retention/store' }],
  });
});
