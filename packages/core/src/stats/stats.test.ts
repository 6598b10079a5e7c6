import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { countCommands, testContext } from '../../test/context.js';
import { hourOf } from '../queue/hour.js';
import { keys } from '../redis/keys.js';
import { enqueue } from '../tasks/enqueue.js';
import { countRefused } from './count-refused.js';
import { countersOf } from './counters.js';
import { agentsWithTasks, queueDepth, readTotals } from './queue-depth.js';
import { readStats } from './read-stats.js';

let opened: Awaited<ReturnType<typeof testContext>>;

beforeAll(async () => {
  opened = await testContext();
});
afterAll(async () => {
  await opened?.close();
});

const HOUR = 3_600_000;

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
  await countRefused(ctx, 'agt_y', 'rejected', 3);
  const span = { fromMs: Date.now() - HOUR, toMs: Date.now() + HOUR, stepHours: 1 };
  for (const agents of [['agt_y'], undefined])
    expect((await readStats(ctx, span, agents)).totals).toMatchObject({ triggered: 1, rejected: 3 });
  expect(await readTotals(ctx)).toMatchObject({ triggered: 1, rejected: 3 });
  expect(await queueDepth(ctx)).toEqual({ pending: 1, started: 0 });
  expect(await agentsWithTasks(ctx, 10)).toEqual(['agt_y']);
});

test('many agents over weeks are read in few commands: nobody else waits behind them', async () => {
  const { ctx } = opened;
  const agents = Array.from({ length: 100 }, (_, n) => `agt_many_${n}`);
  const hours = 30 * 24;
  const span = { fromMs: Date.now() - (hours - 1) * HOUR, toMs: Date.now(), stepHours: 24 };
  for (const id of [agents[0], agents[99]]) await countRefused(ctx, String(id), 'rejected', 2);
  await readStats(ctx, span, agents.slice(0, 1)); // caches the script in Redis
  const counts = countCommands(ctx.redis);
  const { totals } = await readStats(ctx, span, agents);
  expect(totals).toMatchObject({ rejected: 4, triggered: 0 });
  expect([...counts.values()].reduce((sum, n) => sum + n, 0)).toBeLessThanOrEqual(hours / 10 + 1);
});
