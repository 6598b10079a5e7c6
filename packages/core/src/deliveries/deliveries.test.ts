import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { overLossyLink, testContext } from '../../test/context.js';
import { createAgent } from '../agents/create-agent.js';
import { createTaskId } from '../queue/task-id.js';
import { claimDelivery, settleDelivery } from './claim-delivery.js';
import { enqueueCallback } from './enqueue-callback.js';
import { listDeliveries } from './list-deliveries.js';
import { resendCallback } from './resend.js';

let env: Awaited<ReturnType<typeof testContext>>;

beforeAll(async () => {
  env = await testContext();
});
afterAll(() => env?.close());

async function agentWithEnds(count: number) {
  const { ctx } = env;
  const { id } = await createAgent(
    ctx,
    { name: 'Told', callback: { url: 'https://example.com/' } },
    'sandbox:echo',
  );
  const taskIds: string[] = [];
  for (let n = 0; n < count; n++) {
    const task_id = createTaskId(id);
    taskIds.push(task_id);
    await enqueueCallback(ctx, { shard: 0, task_id, agent_id: id, status: 'SUCCESS' });
    env.advance(1);
  }
  return { id, taskIds };
}

/** Does what a worker does for a successful delivery. */
async function deliver(taskId: string, ctx = env.ctx): Promise<void> {
  const id = `cb-${taskId}`;
  await ctx.redis.set(`{agenthook:0}:callbacks:${id}:lock`, 'token');
  const delivery = await claimDelivery(ctx, id, 'token');
  if (!delivery) throw new Error('it is not pending');
  const at = new Date(ctx.now()).toISOString();
  const attempt = { at, response_status: 200, error: null, duration_ms: 1, response_excerpt: 'ok' };
  await settleDelivery(ctx, delivery, delivery.url, attempt, { status: 'delivered' });
}

test('pages go from the newest to the oldest, with none twice and none missing', async () => {
  const { id, taskIds } = await agentWithEnds(25);
  const seen: string[] = [];
  let cursor: string | null = null;
  let pages = 0;
  do {
    const page = await listDeliveries(env.ctx, id, { limit: 10, ...(cursor !== null && { cursor }) });
    seen.push(...page.callbacks.flatMap(({ task_id }) => task_id ?? []));
    cursor = page.next_cursor;
    pages += 1;
  } while (cursor !== null);
  expect(pages).toBe(3);
  expect(seen).toEqual(taskIds.toReversed());
});

test('a log keeps the last thousand; what leaves it is still delivered once', async () => {
  const { ctx } = env;
  const { id, taskIds } = await agentWithEnds(3);
  const [first = '', second = ''] = taskIds;
  await deliver(first);
  // Like agentWithEnds, but with few round trips.
  const more = Array.from({ length: 1_000 }, () => createTaskId(id));
  env.advance(1);
  await Promise.all(
    more.map((task_id) => enqueueCallback(ctx, { shard: 0, task_id, agent_id: id, status: 'SUCCESS' })),
  );
  expect(await ctx.redis.zcard(`{agenthook:0}:deliveries:${id}`)).toBe(1_000);
  const attempts = (task: string) => ctx.redis.hget(`{agenthook:0}:delivery:cb-${task}`, 'attempts');
  expect(await attempts(first)).toBeNull();
  await deliver(second);
  expect(await attempts(second)).toBeNull();
  for (const task_id of [first, second]) {
    await enqueueCallback(ctx, { shard: 0, task_id, agent_id: id, status: 'SUCCESS' });
    expect(await ctx.redis.hget(`{agenthook:0}:delivery:cb-${task_id}`, 'status')).toBe('delivered');
  }
  expect(await ctx.redis.hget('{agenthook:0}:pending-deliveries', id)).toBe('1001');
});

test('an entry whose maker died before it had added the job gets one when the end is told again', async () => {
  const { ctx } = env;
  const { id, taskIds } = await agentWithEnds(1);
  const [task_id = ''] = taskIds;
  await ctx.callbacks[0]?.remove(`cb-${task_id}`);
  await enqueueCallback(ctx, { shard: 0, task_id, agent_id: id, status: 'SUCCESS' });
  expect(await ctx.callbacks[0]?.getJob(`cb-${task_id}`)).toBeDefined();
});

test("a worker whose lock is another's now cannot write into a delivery", async () => {
  const { ctx } = env;
  const { taskIds } = await agentWithEnds(1);
  const id = `cb-${taskIds[0]}`;
  const lock = `{agenthook:0}:callbacks:${id}:lock`;
  await ctx.redis.set(lock, 'mine');
  const delivery = await claimDelivery(ctx, id, 'mine');
  await ctx.redis.set(lock, "another's");
  if (!delivery) throw new Error('it is not pending');
  await expect(settleDelivery(ctx, delivery, '', undefined, { status: 'delivered' })).rejects.toThrow('lock');
  expect(await ctx.redis.hget(`{agenthook:0}:delivery:${id}`, 'status')).toBe('pending');
  expect(await claimDelivery(ctx, id, 'mine')).toBeUndefined();
});

test('a resend counts what was accepted before it, however many attempts failed since', async () => {
  const { ctx } = env;
  const { id, taskIds } = await agentWithEnds(1);
  const [taskId = ''] = taskIds;
  const lock = `{agenthook:0}:callbacks:cb-${taskId}:lock`;
  const claim = () => claimDelivery(ctx, `cb-${taskId}`, 'token');
  // A resend waits for a worker that holds the job.
  const resend = async () => {
    await ctx.redis.del(lock);
    await resendCallback(ctx, id, `cb-${taskId}`);
    await ctx.redis.set(lock, 'token');
  };
  await deliver(taskId);
  await resend();
  for (let n = 0; n < 25; n++) {
    const delivery = await claim();
    if (!delivery) throw new Error('it is not pending');
    const attempt = { at: '', response_status: 502, error: 'x', duration_ms: 1, response_excerpt: '' };
    await settleDelivery(ctx, delivery, '', attempt, { status: 'pending', nextMs: 0 });
  }
  await resend();
  const claimed = await claim();
  expect(claimed?.attempts.some(({ error }) => error === null)).toBe(false);
  expect(claimed?.accepted).toBe(1);
  // A resend in the middle of an attempt counts it when it is accepted.
  await resend();
  const good = { at: '', response_status: 200, error: null, duration_ms: 1, response_excerpt: '' };
  if (claimed) await settleDelivery(ctx, claimed, '', good, { status: 'delivered' });
  expect((await claim())?.accepted).toBe(2);
});

test('a delivery whose end was written, and is sent again with its connection, is no longer pending once', async () => {
  const { id, taskIds } = await agentWithEnds(2);
  const lossy = await overLossyLink(env.ctx);
  const evalsha = lossy.ctx.redis.evalsha.bind(lossy.ctx.redis);
  let lost: Promise<void> | undefined;
  let scripts = 0;
  lossy.ctx.redis.evalsha = ((...args: Parameters<typeof evalsha>) => {
    scripts += 1;
    // The first script claims the delivery, the second ends it.
    if (scripts === 2) lost = lossy.loseNextAnswer();
    return evalsha(...args);
  }) as typeof evalsha;
  await deliver(taskIds[0] ?? '', lossy.ctx);
  await lost;
  expect(await env.ctx.redis.hget('{agenthook:0}:pending-deliveries', id)).toBe('1');
  await lossy.close();
});
