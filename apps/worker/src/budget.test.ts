import type { AgentInput } from '@agenthook/contracts';
import {
  agentBudget,
  type Context,
  createAgent,
  createEndSpending,
  installationBudget,
  mintWebhook,
  patchAgent,
  saveInstallationBudget,
  taskStatus,
  trigger,
} from '@agenthook/core';
import { avoidMidnight, type ModelServer, postOf, startOpenAiServer, until } from '@agenthook/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { openTestContext, runAgentWithoutTools } from '../test/context.js';
import type { RunningWorker } from './run-workers.js';
import { buildWorker } from './task-worker.js';

let server: ModelServer;
let worker: RunningWorker;
let opened: Awaited<ReturnType<typeof openTestContext>>;
let ctx: Context;

beforeAll(async () => {
  server = await startOpenAiServer();
});
beforeEach(async () => {
  await avoidMidnight();
  opened = await openTestContext();
  ctx = opened.ctx;
  const endSpending = createEndSpending(ctx);
  worker = buildWorker(ctx, runAgentWithoutTools({ openai_base_url: server.url, openai_api_key: 'k' }), 20, {
    onEnd: (_ctx, ended) => endSpending(ended),
  });
});
afterEach(async () => {
  await worker?.stop(5_000);
  await opened?.close(1_000);
});
afterAll(() => server?.close());

async function agentWith(budget: Exclude<AgentInput['budget'], undefined>, model = 'sandbox:echo') {
  const { id } = await createAgent(ctx, { name: 'a', budget }, model);
  const { token } = await mintWebhook(ctx, id, 0);
  const post = (payload: object, key?: string) =>
    trigger(ctx, {
      token,
      ...postOf(JSON.stringify(payload), key === undefined ? {} : { 'idempotency-key': key }),
    });
  const run = async (payload: object) => {
    const outcome = await post(payload);
    if (outcome.outcome !== 'accepted') throw new Error(outcome.outcome);
    return outcome.task_id;
  };
  return { id, post, run };
}

/** A payload for which the sandbox takes a turn of this many tokens for each number. */
const turns = (...tokens: number[]) => ({
  sandbox: { steps: tokens.map((count, n) => ({ text: `turn ${n + 1}`, tokens: count })) },
});
const ended = (taskId: string) =>
  until(`the end of ${taskId}`, async () => {
    const state = await taskStatus(ctx, taskId);
    return state?.finished_at ? state : undefined;
  });
const parked = (taskId: string) =>
  until(`${taskId} waits`, async () => {
    const state = await taskStatus(ctx, taskId);
    return state?.waiting_for ? state : undefined;
  });
const usedTokens = async (id: string) => (await agentBudget(ctx, id)).spend?.day_tokens;

test('with `reject`, a used-up budget ends the run before its next turn and refuses triggers, but no retry', async () => {
  const { id, post, run } = await agentWith({ per_day_tokens: 100 });
  const first = await post(turns(40), 'k');
  await ended('task_id' in first ? (first.task_id ?? '') : '');
  const state = await ended(await run(turns(70, 70, 70)));
  expect(state).toMatchObject({
    status: 'FAILURE',
    result: { error: { code: 'budget_exhausted' }, answer: 'turn 1', usage: { output_tokens: 70 } },
  });
  expect(state.result).toMatchObject({ error: { message: expect.stringContaining('per_day_tokens') } });
  const refused = await post(turns(1));
  expect(refused).toMatchObject({ outcome: 'rejected', code: 'budget_exhausted' });
  const { retryAfterSeconds = 0 } = refused as { retryAfterSeconds?: number };
  const midnight = (86_400_000 - (ctx.now() % 86_400_000)) / 1000;
  expect(Math.abs(retryAfterSeconds - midnight)).toBeLessThan(60);
  expect(await post(turns(40), 'k')).toEqual({ ...first, outcome: 'duplicate' });

  const { limits, spend } = await agentBudget(ctx, id);
  expect(spend).toMatchObject({ day_tokens: 110, reserved_tokens: 0 });
  expect(limits).toMatchObject([{ limit: 'per_day_tokens', max: 100, used: 110, told_percent: 100 }]);
  await patchAgent(ctx, id, { budget: { per_day_tokens: 1_000 } });
  expect(await ended(await run(turns(1)))).toMatchObject({ status: 'SUCCESS' });
  expect(await usedTokens(id)).toBe(111);
});

test('with `park`, runs wait without a slot, say why, and go on where they were when the budget is raised', async () => {
  const { id, run } = await agentWith({ per_day_tokens: 100, on_limit: 'park' });
  const halfway = await run(turns(60, 60, 7));
  const state = await parked(halfway);
  const waiting_for = {
    kind: 'budget',
    scope: 'agent',
    limit: 'per_day_tokens',
    until: expect.stringMatching(/T00:00:00.000Z$/),
  };
  expect(state).toMatchObject({ status: 'STARTED', attempt: 1, waiting_for });
  const late = await run(turns(5));
  expect(await parked(late)).toMatchObject({ waiting_for, next_attempt_at: expect.stringMatching(/Z$/) });
  expect(await usedTokens(id)).toBe(120);

  await patchAgent(ctx, id, { budget: { per_day_tokens: 200, on_limit: 'park' } });
  expect(await ended(halfway)).toMatchObject({ status: 'SUCCESS', result: { answer: 'turn 3', steps: 3 } });
  expect(await ended(late)).toMatchObject({ status: 'SUCCESS' });
  expect(await usedTokens(id)).toBe(132);
});

test('a parked run goes on when its day has ended', async () => {
  const { id, run } = await agentWith({ per_day_tokens: 50, on_limit: 'park' });
  await ended(await run(turns(50)));
  const waits = await run(turns(5));
  await parked(waits);
  const key = `{agenthook}:agent:${id}:spend`;
  await ctx.redis.hincrby(key, 'day', -1);
  expect(await ended(waits)).toMatchObject({ status: 'SUCCESS' });
  expect(await usedTokens(id)).toBe(5);
});

test('runs at the same time exceed a budget by one turn at most, and none fails while the rest is reserved', async () => {
  const { id, post } = await agentWith({ per_day_tokens: 300 });
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => post(turns(60))));
  const ids = outcomes.flatMap((each) => ('task_id' in each ? [each.task_id ?? ''] : []));
  const states = await Promise.all(ids.map(ended));
  const succeeded = states.filter(({ status }) => status === 'SUCCESS');
  expect(succeeded).toHaveLength(5);
  for (const { status, result } of states)
    if (status === 'FAILURE') expect(result).toMatchObject({ error: { code: 'budget_exhausted' } });
  await until('nothing is reserved', async () => {
    const { spend } = await agentBudget(ctx, id);
    return spend?.reserved_tokens === 0 ? spend : undefined;
  });
  expect(await usedTokens(id)).toBe(300);
});

test('the budget of the installation holds for all agents, in USD, and names models without a price', async () => {
  const [one, other] = [await agentWith(null, 'openai:gpt-4o-mini'), await agentWith(null, 'compatible:own')];
  const saved = await saveInstallationBudget(ctx, {
    budget: { per_month_usd: 0.000001, on_limit: 'reject' },
  });
  expect(saved.warnings).toMatchObject([
    { code: 'unknown_price', model: 'compatible:own', agent_id: other.id },
  ]);
  // A turn whose price is unknown does not count towards the limit, and is told.
  expect(await ended(await other.run({ question: 'hi' }))).toMatchObject({ status: 'SUCCESS' });
  expect(await installationBudget(ctx)).toMatchObject({ spend: { month_usd: 0, unpriced_turns: 1 } });

  const first = await ended(await one.run({ question: 'hi' }));
  const { usage } = first.result as { usage: { cost_usd: number } };
  const state = await installationBudget(ctx);
  expect(state.spend?.month_usd).toBeCloseTo(usage.cost_usd, 9);
  expect(state.limits).toMatchObject([{ limit: 'per_month_usd', told_percent: 100 }]);
  for (const { post } of [one, other])
    expect(await post({ question: 'hi' })).toMatchObject({
      code: 'budget_exhausted',
      detail: expect.stringContaining('installation'),
    });
  await saveInstallationBudget(ctx, { budget: null });
  expect(await ended(await one.run({ question: 'hi' }))).toMatchObject({ status: 'SUCCESS' });
});

test('a new budget begins with what was spent before it that day', async () => {
  const { id, run } = await agentWith(null);
  await ended(await run(turns(70)));
  await until('it is counted', async () => {
    await patchAgent(ctx, id, { budget: null });
    await patchAgent(ctx, id, { budget: { per_day_tokens: 60 } });
    return (await usedTokens(id)) === 70 ? true : undefined;
  });
  await expect(run(turns(1))).rejects.toThrow('rejected');
});
