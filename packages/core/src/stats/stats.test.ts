import { until } from '@agenthook/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { countCommands, testContext } from '../../test/context.js';
import { hourOf } from '../queue/hour.js';
import { createTaskId } from '../queue/task-id.js';
import { keys } from '../redis/keys.js';
import { enqueue } from '../tasks/enqueue.js';
import { startSettling } from '../tasks/settle.js';
import { countRefused } from './count-refused.js';
import { countersOf } from './counters.js';
import { MOST_NAMES } from './named.js';
import { busiestAgents, queueDepth, readTotals } from './queue-depth.js';
import { readStats, readStatsByAgent, readStatsByName } from './read-stats.js';

let opened: Awaited<ReturnType<typeof testContext>>;

beforeAll(async () => {
  opened = await testContext();
});
afterAll(async () => {
  await opened?.close();
});

const HOUR = 3_600_000;
const exists = (id: string) => opened.ctx.redis.hset(keys.agent(id), 'name', id);

test('hours add up to days and to totals; percentiles are right to within 5 %', async () => {
  const { ctx } = opened;
  const day = Date.UTC(2026, 5, 1);
  const put = async (hour: number, durationsMs: number[], status: 'SUCCESS' | 'FAILURE') => {
    for (const duration_ms of durationsMs) {
      const summary = {
        code: null,
        model: null,
        steps: 1,
        input_tokens: 10,
        output_tokens: 5,
        cost_usd: 0.001,
      };
      const finished_ms = day + hour * HOUR;
      const ended = {
        task_id: '',
        shard: 0,
        agent_id: 'agt_x',
        agent_version: 1,
        trigger: 'webhook' as const,
        status,
        finished_ms,
        duration_ms,
        summary,
      };
      for (const [field, n] of Object.entries(countersOf(ended)))
        await ctx.redis.hincrby(keys.stats(0, 'agt_x', hourOf(finished_ms)), field, n);
    }
  };
  await put(
    1,
    Array.from({ length: 90 }, () => 100),
    'SUCCESS',
  );
  await put(
    26,
    Array.from({ length: 10 }, () => 20_000),
    'FAILURE',
  );

  const span = { fromMs: day, toMs: day + 48 * HOUR };
  const hours = await readStats(ctx, { ...span, stepHours: 1 }, ['agt_x']);
  expect(hours.series).toHaveLength(48);
  expect(hours.series[1]).toMatchObject({
    start: new Date(day + HOUR).toISOString(),
    succeeded: 90,
    failed: 0,
  });
  expect(hours.totals).toMatchObject({ succeeded: 90, failed: 10, input_tokens: 1000, output_tokens: 500 });
  expect(hours.totals.cost_usd).toBe(0.1);
  expect(Math.abs((hours.totals.p50_ms ?? 0) / 100 - 1)).toBeLessThan(0.05);
  expect(Math.abs((hours.totals.p95_ms ?? 0) / 20_000 - 1)).toBeLessThan(0.05);
  expect(hours.series[0]?.p50_ms).toBeNull();

  const days = await readStats(ctx, { ...span, stepHours: 24 }, ['agt_x']);
  expect(days.series.map(({ succeeded, failed }) => [succeeded, failed])).toEqual([
    [90, 0],
    [0, 10],
  ]);
  expect(days.totals).toEqual(hours.totals);
});

test('what is triggered and refused is counted for its agent, for all, and for ever', async () => {
  const { ctx } = opened;
  const data = { agent_id: 'agt_y', agent_version: 1, payload: {}, headers: {} };
  await enqueue(ctx, { data, trigger: 'webhook', maxAttempts: 1, redisNow: Date.now });
  await countRefused(ctx, 'agt_y', { field: 'rejected', count: 3 });
  const span = { fromMs: Date.now() - HOUR, toMs: Date.now() + HOUR, stepHours: 1 };
  for (const agents of [['agt_y'], undefined])
    expect((await readStats(ctx, span, agents)).totals).toMatchObject({ triggered: 1, rejected: 3 });
  expect(await readTotals(ctx)).toMatchObject({ triggered: 1, rejected: 3 });
  for (const agents of [['agt_y'], undefined])
    expect(await queueDepth(ctx, agents)).toEqual({ pending: 1, started: 0 });
  expect(await busiestAgents(ctx, span, 10)).toEqual(['agt_y']);
});

test('many agents over weeks are read in few commands once their days are summed up', async () => {
  const { ctx } = opened;
  const agents = Array.from({ length: 100 }, (_, n) => `agt_many_${n}`);
  await Promise.all(agents.map(exists));
  const midnight = Math.floor(Date.now() / (24 * HOUR)) * 24 * HOUR;
  const span = { fromMs: midnight - 34 * 24 * HOUR, toMs: Date.now() + HOUR, stepHours: 24 };
  const old = hourOf(midnight - 20 * 24 * HOUR) + 5;
  await ctx.redis.hset(keys.stats(0, 'agt_many_7', old), { succeeded: 3, d48: 3 });
  for (const id of [agents[0], agents[99]])
    await countRefused(ctx, String(id), { field: 'rejected', count: 2 });
  const cold = await readStatsByAgent(ctx, span, agents);
  const counts = countCommands(ctx.redis);
  const { all, byAgent } = await readStatsByAgent(ctx, span, agents);
  expect({ all, byAgent }).toEqual(cold);
  expect(all.totals).toMatchObject({ rejected: 4, triggered: 0, succeeded: 3 });
  expect(byAgent.get('agt_many_7')?.series[14]).toMatchObject({ succeeded: 3, p50_ms: 97 });
  // Hour by hour, these would be 84,000 counters.
  expect([...counts.values()].reduce((sum, n) => sum + n, 0)).toBeLessThan(50);
});

test('an end that is counted after its day was summed up is in the next sum', async () => {
  const { ctx } = opened;
  await exists('agt_late');
  const day = Math.floor(Date.now() / (24 * HOUR)) - 5;
  const span = { fromMs: day * 24 * HOUR, toMs: (day + 1) * 24 * HOUR, stepHours: 24 };
  const succeeded = async () => (await readStats(ctx, span, ['agt_late'])).totals.succeeded;
  expect(await succeeded()).toBe(0);
  expect(await ctx.redis.exists(keys.dayStats(0, 'agt_late', day))).toBe(1);
  const id = createTaskId('agt_late');
  const about = { agent: 'agt_late', version: 1, trigger: 'webhook' };
  await ctx.redis.hset(keys.job(0, id), {
    name: 'run',
    data: JSON.stringify({ agent_id: 'agt_late', agent_version: 1, payload: {}, headers: {} }),
    opts: JSON.stringify({ about }),
    timestamp: span.fromMs,
    finishedOn: span.fromMs + HOUR,
    firstStartedOn: span.fromMs,
    returnvalue: JSON.stringify({
      answer: '',
      tool_calls: [],
      usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2, cost_usd: null },
    }),
  });
  await ctx.redis.zadd(keys.ended(0), 0, id);
  const settler = startSettling(ctx, async () => undefined);
  await until('the end is counted', async () => (await ctx.redis.zcard(keys.ended(0))) === 0);
  await settler.stop();
  expect(await succeeded()).toBe(1);
});

test('a read of agents that do not exist stores nothing', async () => {
  const { ctx } = opened;
  const before = await ctx.redis.dbsize();
  const toMs = Math.floor(ctx.now() / (24 * HOUR)) * 24 * HOUR;
  const names = Array.from({ length: 5 }, (_, n) => `agt_nobody${n}`);
  await readStats(ctx, { fromMs: toMs - 30 * 24 * HOUR, toMs, stepHours: 24 }, names);
  expect(await ctx.redis.dbsize()).toBe(before);
});

test('the busiest agents come first, and then the newest of the others', async () => {
  const { ctx } = opened;
  await ctx.redis.flushdb();
  const span = { fromMs: Date.now() - HOUR, toMs: Date.now() + HOUR };
  for (const [id, events] of [
    ['agt_1', 1],
    ['agt_2', 9],
    ['agt_3', 4],
  ] as const)
    await countRefused(ctx, id, { field: 'rejected', count: events });
  await ctx.redis.sadd(keys.indexScopes(0), 'agt_0', 'agt_9');
  expect(await busiestAgents(ctx, span, 5)).toEqual(['agt_2', 'agt_3', 'agt_1', 'agt_9', 'agt_0']);
  expect(await busiestAgents(ctx, span, 2)).toEqual(['agt_2', 'agt_3']);
});

/** Stores an ended task as BullMQ leaves it, with its end in the outbox. */
async function putEnded(agent: string, answered: { model: string } | { code: string }, sender?: string) {
  const { ctx } = opened;
  const id = createTaskId(agent);
  const usage = { input_tokens: 2, output_tokens: 1, total_tokens: 3, cost_usd: 0.5 };
  const result = { answer: '', tool_calls: [], usage };
  await ctx.redis.hset(keys.job(0, id), {
    name: 'run',
    data: JSON.stringify({ agent_id: agent, agent_version: 1, payload: {}, headers: {} }),
    opts: JSON.stringify({ about: { agent, version: 1, trigger: 'webhook', ...(sender && { sender }) } }),
    timestamp: Date.now(),
    finishedOn: Date.now(),
    firstStartedOn: Date.now(),
    ...('model' in answered
      ? { returnvalue: JSON.stringify({ ...result, model: answered.model, steps: 1 }) }
      : { failedReason: JSON.stringify({ ...result, error: { code: answered.code, message: '' } }) }),
  });
  await ctx.redis.zadd(keys.ended(0), 0, id);
}

async function settleAll() {
  const { ctx } = opened;
  const settler = startSettling(ctx, async () => undefined);
  await until('all ends are counted', async () => (await ctx.redis.zcard(keys.ended(0))) === 0);
  await settler.stop();
}

test('runs and refusals are counted by sender, model and error code', async () => {
  const { ctx } = opened;
  await ctx.redis.flushdb();
  const data = { agent_id: 'agt_n', agent_version: 1, payload: {}, headers: {} };
  const event = { data, trigger: 'webhook', maxAttempts: 1, redisNow: Date.now } as const;
  await Promise.all([enqueue(ctx, { ...event, sender: 'github' }), enqueue(ctx, event)]);
  await putEnded('agt_n', { model: 'a:b' }, 'github');
  await putEnded('agt_n', { code: 'tool_failed' });
  await settleAll();
  const refusal = { field: 'rejected', sender: 'github', code: 'invalid_signature' } as const;
  await countRefused(ctx, 'agt_n', { ...refusal, count: 2 });
  await countRefused(ctx, 'agt_n', { field: 'filtered' });
  const span = { fromMs: Date.now() - HOUR, toMs: Date.now() + HOUR, stepHours: 1 };
  const totals = async (kind: 'sender' | 'model' | 'error_code', agent?: string) =>
    Object.fromEntries(
      [...(await readStatsByName(ctx, span, kind, agent))].map(([name, { totals }]) => [name, totals]),
    );
  expect(await totals('sender')).toMatchObject({
    github: { triggered: 1, succeeded: 1, failed: 0, rejected: 2, filtered: 0, cost_usd: 0.5, p50_ms: 1 },
    none: { triggered: 1, succeeded: 0, failed: 1, rejected: 0, filtered: 1 },
  });
  expect(await totals('model')).toMatchObject({ 'a:b': { succeeded: 1, input_tokens: 2, output_tokens: 1 } });
  expect(await totals('error_code')).toMatchObject({
    tool_failed: { failed: 1, rejected: 0 },
    invalid_signature: { failed: 0, rejected: 2 },
  });

  // The same for one agent, beside another.
  const mine = { sender: await totals('sender'), error_code: await totals('error_code') };
  await enqueue(ctx, { ...event, data: { ...data, agent_id: 'agt_m' }, sender: 'github' });
  await putEnded('agt_m', { code: 'tool_failed' }, 'github');
  await settleAll();
  expect(await totals('sender', 'agt_n')).toEqual(mine.sender);
  expect(await totals('error_code', 'agt_n')).toEqual(mine.error_code);
  expect(await totals('model', 'agt_n')).toEqual(await totals('model'));
  expect(await totals('sender', 'agt_m')).toMatchObject({ github: { triggered: 1, failed: 1, rejected: 0 } });
  expect(await totals('error_code', 'agt_m')).toMatchObject({ tool_failed: { failed: 1 } });
  expect(await totals('error_code')).toMatchObject({ tool_failed: { failed: 2 } });
  expect(await totals('sender', 'agt_of_nobody')).toEqual({});
});

test('so many models have counters of their own, and the rest share some', async () => {
  const { ctx } = opened;
  await ctx.redis.flushdb();
  for (let n = 0; n < MOST_NAMES + 5; n++) await putEnded('agt_n', { model: `a:${n}` });
  await settleAll();
  const span = { fromMs: Date.now() - HOUR, toMs: Date.now() + HOUR, stepHours: 1 };
  const byModel = await readStatsByName(ctx, span, 'model');
  expect(byModel.size).toBe(MOST_NAMES + 1);
  expect(byModel.get('other')?.totals.succeeded).toBe(5);
  expect(await readStatsByName(ctx, span, 'model', 'agt_n')).toEqual(byModel);
});
