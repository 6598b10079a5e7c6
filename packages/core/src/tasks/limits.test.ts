import type { AgentInput } from '@agenthook/contracts';
import { postOf } from '@agenthook/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { testContext } from '../../test/context.js';
import { createAgent } from '../agents/create-agent.js';
import { mintWebhook } from '../agents/mint-webhook.js';
import { patchAgent } from '../agents/update-agent.js';
import type { Context } from '../context.js';
import { acceptRejection } from '../intake/accept-rejection.js';
import { listRejections } from '../intake/list-rejections.js';
import { type TriggerOutcome, trigger } from '../intake/trigger.js';
import { keys } from '../redis/keys.js';
import { cancelTask } from './cancel.js';

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;

beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
});
beforeEach(() => ctx.redis.flushdb());
afterAll(() => env?.close());

async function agentWith(limits: NonNullable<AgentInput['limits']>, rest: Partial<AgentInput> = {}) {
  const { id } = await createAgent(ctx, { name: 'a', limits, ...rest }, 'sandbox:echo');
  const { token } = await mintWebhook(ctx, id, 0);
  const fire = (key?: string, body = '{}') =>
    trigger(ctx, { token, ...postOf(body, key === undefined ? {} : { 'idempotency-key': key }) });
  const fireByGet = (query: string) => trigger(ctx, { token, ...postOf(''), method: 'GET', query });
  /** How much of the rate's minute is used, in ms, by Redis's clock. */
  const ahead = async () => {
    const [seconds] = await ctx.redis.time();
    return Number((await ctx.redis.hget(keys.agent(id), 'rate_free_at')) ?? 0) - Number(seconds) * 1000;
  };
  return { id, fire, fireByGet, ahead };
}
const jobs = async () => (await ctx.queues[0]?.count()) ?? 0;
const idOf = (outcome: TriggerOutcome) => ('task_id' in outcome ? outcome.task_id : '');
const isTask = { outcome: 'accepted' };
const isTooFast = { outcome: 'rejected', code: 'rate_limited' };
const isFull = { outcome: 'rejected', code: 'too_many_pending' };

describe('rate_per_minute', () => {
  test('lets a minute of tasks through at once, and says when the next may come', async () => {
    const { fire } = await agentWith({ rate_per_minute: 3 });
    for (const left of [2, 1, 0])
      expect(await fire()).toMatchObject({ ...isTask, rate: { left, waitMs: 0 } });
    const refused = await fire();
    expect(refused).toMatchObject({ ...isTooFast, rate: { perMinute: 3, left: 0 } });
    const { retryAfterSeconds } = refused as { retryAfterSeconds: number };
    expect(retryAfterSeconds).toBeGreaterThan(15);
    expect(retryAfterSeconds).toBeLessThanOrEqual(20);
    expect(await jobs()).toBe(3);
  });

  test('takes the next one as soon as it said', async () => {
    const { fire } = await agentWith({ rate_per_minute: 60 });
    let refused = await fire();
    // One request becomes available every second, so a slow machine needs more than sixty.
    while (refused.outcome === 'accepted') refused = await fire();
    expect(refused).toMatchObject({ ...isTooFast, retryAfterSeconds: 1 });
    await new Promise((resolve) => setTimeout(resolve, refused.rate?.waitMs));
    expect(await fire()).toMatchObject(isTask);
  });

  test('holds for all at once, and for this agent alone', async () => {
    const [one, other] = [await agentWith({ rate_per_minute: 5 }), await agentWith({})];
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => one.fire()));
    expect(outcomes.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(5);
    expect(await other.fire()).toEqual({ outcome: 'accepted', task_id: expect.any(String) });
  });

  test('is of tasks: what is refused for another reason, and a retry, take nothing', async () => {
    const { fire, fireByGet, ahead } = await agentWith(
      { rate_per_minute: 2 },
      { input_schema: { type: 'object' } },
    );
    // On a busy machine, compiling the schema may take longer than the deadline for storing a task.
    await fire(undefined, '[]');
    const first = await fire('key-1');
    const before = await ahead();
    for (const body of ['{', '[]', ''])
      expect(await fire(undefined, body)).toMatchObject({ outcome: 'rejected' });
    expect(await fireByGet('a=1')).toEqual({ outcome: 'method_not_allowed' });
    expect(await fire('key-1')).toMatchObject({
      outcome: 'duplicate',
      task_id: idOf(first),
      rate: { left: 1 },
    });
    expect(await fire('key-1', '{"a":1}')).toMatchObject({ code: 'idempotency_key_reused' });
    await ctx.redis.ping();
    expect(await ahead()).toBeLessThanOrEqual(before);
    expect(await fire()).toMatchObject(isTask);
    expect(await fire()).toMatchObject(isTooFast);
  });

  test('leaves a retry its task, and refuses a new key', async () => {
    const { fire } = await agentWith({ rate_per_minute: 1 });
    const first = await fire('key-1');
    expect(await fire('key-2')).toMatchObject(isTooFast);
    expect(await fire('key-1')).toMatchObject({ outcome: 'duplicate', task_id: idOf(first) });
    expect(await fire('key-1', '{"a":1}')).toMatchObject({ code: 'idempotency_key_reused' });
    expect(await jobs()).toBe(1);
  });

  test('counts beside a signature whose text is cut within a character', async () => {
    const signature = { scheme: 'hmac', secret: 's', header: 'X-Sum', content: '{body}\ud83d' } as const;
    const { fire } = await agentWith({ rate_per_minute: 3 }, { signature });
    expect(await fire()).toMatchObject({ outcome: 'rejected', code: 'invalid_signature' });
  });

  test('can be changed, and taken away', async () => {
    const { id, fire } = await agentWith({ rate_per_minute: 1 });
    await fire();
    expect(await fire()).toMatchObject(isTooFast);
    await patchAgent(ctx, id, { limits: { rate_per_minute: null } });
    expect(await fire()).toMatchObject(isTask);
  });

  test('does not stop an owner who accepts what it refused', async () => {
    const { id, fire } = await agentWith({ rate_per_minute: 1 });
    await fire();
    await fire();
    await ctx.redis.ping();
    const [rejection] = (await listRejections(ctx, id, { limit: 1 })).rejections;
    expect(rejection).toMatchObject({ code: 'rate_limited' });
    expect(await acceptRejection(ctx, id, rejection?.id ?? '')).toMatchObject({ isNew: true });
  });
});

describe('max_pending', () => {
  test('refuses what more than so many would wait for', async () => {
    const { fire } = await agentWith({ max_pending: 3 });
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => fire()));
    const accepted = outcomes.flatMap((one) => (one.outcome === 'accepted' ? [one.task_id] : []));
    expect(accepted).toHaveLength(3);
    expect(outcomes.find(({ outcome }) => outcome === 'rejected')).toMatchObject({
      ...isFull,
      retryAfterSeconds: 10,
    });
    expect(await jobs()).toBe(3);
    await cancelTask(ctx, accepted[0] ?? '');
    expect([await fire(), await fire()]).toMatchObject([isTask, isFull]);
  });

  test('answers a retry with its task however many wait', async () => {
    const { fire } = await agentWith({ max_pending: 1 });
    const first = await fire('key-1');
    expect(await fire('key-2')).toMatchObject(isFull);
    expect(await fire('key-1')).toMatchObject({ outcome: 'duplicate', task_id: idOf(first) });
    expect(await fire('key-1', '{"a":1}')).toMatchObject({ code: 'idempotency_key_reused' });
    // The refused request did not use up its key.
    await cancelTask(ctx, idOf(first));
    expect(await fire('key-2')).toMatchObject(isTask);
  });

  test('is of one agent', async () => {
    const [one, other] = [await agentWith({ max_pending: 1 }), await agentWith({ max_pending: 1 })];
    expect([await one.fire(), await one.fire(), await other.fire()]).toMatchObject([isTask, isFull, isTask]);
  });
});
