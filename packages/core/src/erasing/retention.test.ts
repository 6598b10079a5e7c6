import { UNKEPT_RESULT_SECONDS } from '@agenthook/contracts';
import { postOf } from '@agenthook/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Worker } from 'bullmq';
import { testContext } from '../../test/context.js';
import { takeJob } from '../../test/take-job.js';
import { createAgent } from '../agents/create-agent.js';
import { deleteAgent } from '../agents/delete-agent.js';
import { mintWebhook } from '../agents/mint-webhook.js';
import { patchAgent } from '../agents/update-agent.js';
import type { Context } from '../context.js';
import { callbackBody } from '../deliveries/callback-body.js';
import { claimDelivery, settleDelivery } from '../deliveries/claim-delivery.js';
import { enqueueCallback } from '../deliveries/enqueue-callback.js';
import { acceptRejection } from '../intake/accept-rejection.js';
import { listRejections } from '../intake/list-rejections.js';
import { trigger } from '../intake/trigger.js';
import { deliveryIdOf } from '../queue/delivery-id.js';
import { attemptError } from '../queue/failure.js';
import type { TaskData } from '../queue/job.js';
import { workerOptions } from '../queue/worker-options.js';
import { keys, TASK_QUEUE } from '../redis/keys.js';
import { EVENT_LEFT_MS, emptyEnded } from '../tasks/ended/empty-ended.js';
import { listTasks } from '../tasks/list/list-tasks.js';
import { replayTask } from '../tasks/replay.js';
import { startSettling } from '../tasks/settle.js';
import { taskStatus } from '../tasks/status.js';
import { openTaskLog } from '../tasks/task-log.js';
import { taskTrace } from '../tasks/trace.js';
import { sweepExpiring } from './retention.js';

const DAY_MS = 86_400_000;
const USAGE = { input_tokens: 3, output_tokens: 2, total_tokens: 5, cost_usd: null };
const RESULT = {
  answer: 'secret-answer',
  tool_calls: [{ name: 't', arguments: {}, result: 'secret-tool', error: null, duration_ms: 1 }],
  sources: [],
  thought: 'secret-thought',
  usage: USAGE,
  model: 'sandbox:echo',
  steps: 1,
};

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;
let worker: Worker<TaskData>;

beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
  Object.assign(ctx, { resultTtlSeconds: 30 * 86_400 });
  worker = new Worker<TaskData>(TASK_QUEUE, null, workerOptions(ctx.redis, 0, 1));
  await worker.waitUntilReady();
});
beforeEach(() => ctx.redis.flushdb());
afterAll(async () => {
  await worker?.close();
  await env?.close();
});

async function agentWith(rest: object) {
  const { id } = await createAgent(ctx, { name: 'a', ...rest }, 'sandbox:echo');
  const { token } = await mintWebhook(ctx, id, 0);
  const post = (body: string, headers = {}) => trigger(ctx, { token, ...postOf(body, headers) });
  return { id, post };
}
type Agent = Awaited<ReturnType<typeof agentWith>>;

/** Runs an event to its end, and lets the end be settled. */
async function run({ post }: Agent, how: 'succeeds' | 'fails' = 'succeeds'): Promise<string> {
  const outcome = await post('{"text":"secret-payload"}', { 'idempotency-key': `k${Math.random()}` });
  if (outcome.outcome !== 'accepted') throw new Error(JSON.stringify(outcome));
  const { task_id: id } = outcome;
  const job = await takeJob(ctx, worker);
  const token = job.token ?? '';
  const log = await openTaskLog(ctx, { shard: 0, id, token, fresh: true });
  await log.append({ type: 'prompt', at: '', attempt: 1, system: 'secret-system', user: 'secret-user' });
  if (how === 'succeeds') await job.moveToCompleted(RESULT as never, token, false);
  else {
    const error = { code: 'max_steps' as const, message: 'secret-message' };
    const failure = { error, answer: 'secret-answer', tool_calls: RESULT.tool_calls, usage: USAGE };
    await job.moveToFailed(attemptError(failure, { retryable: false }), token, false);
  }
  await settle();
  return id;
}

async function settle(): Promise<void> {
  const settler = startSettling(ctx, (context, ended) => enqueueCallback(context, ended));
  settler.wake();
  const end = Date.now() + 30_000;
  while ((await ctx.redis.zcard(keys.ended(0))) > 0 && Date.now() < end)
    await new Promise((resolve) => setTimeout(resolve, 5));
  await settler.stop();
}

/** Everything in Redis, as text. */
async function everything(): Promise<string> {
  const parts: string[] = [];
  for (const key of await ctx.redis.keys('*')) {
    const type = await ctx.redis.type(key);
    if (type === 'string') parts.push((await ctx.redis.get(key)) ?? '');
    if (type === 'hash') parts.push(JSON.stringify(await ctx.redis.hgetall(key)));
    if (type === 'list') parts.push(...(await ctx.redis.lrange(key, 0, -1)));
    if (type === 'stream') parts.push(JSON.stringify(await ctx.redis.xrange(key, '-', '+')));
  }
  return parts.join('\n');
}

describe('an agent that keeps nothing', () => {
  const NONE = { retention: { store: 'none' } };
  const later = async (ms: number) => {
    env.advance(ms);
    await emptyEnded(ctx, 0);
    env.advance(-ms);
  };

  test.each(['succeeds', 'fails'] as const)('loses what a task that %s was about', async (how) => {
    const agent = await agentWith(NONE);
    const id = await run(agent, how);
    expect(await taskTrace(ctx, id)).toMatchObject({ payload: { text: 'secret-payload' }, store: 'none' });

    await later(EVENT_LEFT_MS + 1_000);
    const kept = await taskStatus(ctx, id);
    expect(JSON.stringify(kept?.result)).toContain('secret-answer');
    expect(await taskTrace(ctx, id)).toMatchObject({ payload: null, prompt: null, steps: [], headers: {} });
    expect(await ctx.redis.exists(keys.taskLog(0, id), keys.taskFiles(0, id))).toBe(0);

    await later(UNKEPT_RESULT_SECONDS * 1000 + 1_000);
    const bare = await taskStatus(ctx, id);
    expect(bare).toMatchObject({ status: kept?.status, finished_at: kept?.finished_at });
    expect(bare?.result).toMatchObject({ usage: USAGE, tool_calls: [], removed: true });
    if (how === 'fails') expect(bare?.result).toMatchObject({ error: { code: 'max_steps' } });
    expect(await everything()).not.toContain('secret');
    expect(await ctx.redis.zcard(keys.emptying(0))).toBe(0);
    const { tasks } = await listTasks(ctx, {}, { limit: 10 });
    expect(tasks).toMatchObject([{ task_id: id, total_tokens: 5 }]);
    await expect(replayTask(ctx, id, {})).rejects.toMatchObject({ code: 'event_not_kept' });
  });

  test('keeps a result until its callback was delivered, and never sends it empty', async () => {
    const agent = await agentWith({ ...NONE, callback: { url: 'https://a.example' } });
    const id = await run(agent);
    await later(UNKEPT_RESULT_SECONDS * 1000 + 1_000);
    expect(await callbackBody(ctx, 0, id)).toContain('secret-answer');

    const deliveryId = deliveryIdOf(id);
    await ctx.redis.set(keys.deliveryLock(0, deliveryId), 't');
    const claimed = await claimDelivery(ctx, deliveryId, 't');
    if (!claimed) throw new Error('it is not pending');
    await settleDelivery(ctx, claimed, claimed.url, undefined, { status: 'delivered' });
    await later(UNKEPT_RESULT_SECONDS * 1000 + 10_000);
    expect(await taskStatus(ctx, id)).toMatchObject({ result: { removed: true, answer: '' } });
    expect(await callbackBody(ctx, 0, id)).toBeUndefined();
  });

  test('keeps refused events without their bodies', async () => {
    const { id, post } = await agentWith({ ...NONE, input_schema: { type: 'object', required: ['other'] } });
    await post('{"text":"secret-payload"}');
    const end = Date.now() + 30_000;
    let [rejection] = (await listRejections(ctx, id, { limit: 10 })).rejections;
    while (!rejection && Date.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      [rejection] = (await listRejections(ctx, id, { limit: 10 })).rejections;
    }
    expect(rejection).toMatchObject({ code: 'invalid_payload', body: '', body_bytes: 25, truncated: true });
    expect(await everything()).not.toContain('secret');
    await expect(acceptRejection(ctx, id, rejection?.id ?? '')).rejects.toMatchObject({
      code: 'rejection_truncated',
    });
  });

  test('cannot have conversations', async () => {
    const conversation = { key: '{{ payload.id }}' };
    await expect(agentWith({ ...NONE, conversation })).rejects.toMatchObject({
      code: 'invalid_request',
      issues: [{ path: '/retention/store' }],
    });
  });
});

describe('days', () => {
  const at = async (days: number) => {
    env.advance(days * DAY_MS);
    await sweepExpiring(ctx);
    env.advance(-days * DAY_MS);
  };
  /** Keys that mention a task. */
  const left = async (id: string) => {
    // BullMQ's stream of events has ids alone, and few of them.
    await ctx.redis.del(keys.queueEvents(0));
    return (await everything()).includes(id);
  };

  test('bound how long everything of an ended task is kept, and nothing of another agent', async () => {
    const [short, long] = [await agentWith({ retention: { days: 2 } }), await agentWith({})];
    const [first, other] = [await run(short), await run(long)];
    await at(1.9);
    expect(await taskStatus(ctx, first)).toBeDefined();
    await at(2.1);
    expect(await taskStatus(ctx, first)).toBeUndefined();
    expect(await left(first)).toBe(false);
    expect(await taskStatus(ctx, other)).toBeDefined();
    expect(await ctx.redis.zcard(keys.expiring(0))).toBe(0);
  });

  test('apply to tasks that have ended already, when they change, and after the agent is deleted', async () => {
    const agent = await agentWith({});
    const [id, second] = [await run(agent), await run(agent)];
    await patchAgent(ctx, agent.id, { retention: { days: 1 } });
    await at(0.9);
    expect(await ctx.redis.exists(keys.retentionChanges)).toBe(0);
    expect(await taskStatus(ctx, id)).toBeDefined();
    await patchAgent(ctx, agent.id, { retention: { days: 5 } });
    await at(1.1);
    expect(await taskStatus(ctx, id)).toBeDefined();
    await patchAgent(ctx, agent.id, { retention: null });
    await at(6);
    expect(await taskStatus(ctx, id)).toBeDefined();
    await patchAgent(ctx, agent.id, { retention: { days: 3 } });
    await deleteAgent(ctx, agent.id);
    await at(0);
    await at(3.1);
    expect([await taskStatus(ctx, id), await taskStatus(ctx, second)]).toEqual([undefined, undefined]);
  });
});
