import { readFile } from 'node:fs/promises';
import type { LogEntry, StepLog } from '@agenthook/contracts';
import { avoidMidnight } from '@agenthook/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { countCommands, testContext } from '../../test/context.js';
import { createAgent } from '../agents/create-agent.js';
import { deleteAgent } from '../agents/delete-agent.js';
import { mintWebhook } from '../agents/mint-webhook.js';
import type { Context } from '../context.js';
import { resolveWebhook } from '../intake/resolve-webhook.js';
import type { EndedTask } from '../queue/ended-task.js';
import { hourOf } from '../queue/hour.js';
import { DAY_MS, NANO_USD } from '../queue/spend-hash.js';
import { keys } from '../redis/keys.js';
import { beginSpending } from './begin-spending.js';
import { createEndSpending } from './end-spending.js';
import { openBudget } from './open-budget.js';
import { agentBudget, listBudgets } from './read-budgets.js';

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;

beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
});
beforeEach(async () => {
  await ctx.redis.flushdb();
  await avoidMidnight();
});
afterAll(() => env?.close());

const TASK = '019329f1-c000-8abc-8def-0123456789ab';
const turn = (output_tokens: number, cost_usd: number | null = 0.25): LogEntry => ({
  type: 'turn',
  at: '',
  attempt: 1,
  model: 'm',
  latency_ms: 1,
  input_tokens: 0,
  output_tokens,
  cost_usd,
  result: {},
});
/** A journal in memory; the real one needs a job that is locked. */
const journal = (...entries: LogEntry[]): StepLog => ({ entries, append: async () => undefined });
const ask = { tokens: 50, usd: 0.5 };

async function budgeted() {
  const budget = { per_day_usd: 10, per_month_usd: 100, per_day_tokens: 1_000 };
  const { id } = await createAgent(ctx, { name: 'a', budget }, 'sandbox:echo');
  return id;
}
const end = (tokens: number, cost_usd: number | null): EndedTask =>
  ({ task_id: TASK, summary: { input_tokens: 0, output_tokens: tokens, cost_usd } }) as EndedTask;

test('a turn counts once, however often its step is repeated after a crash', async () => {
  const agentId = await budgeted();
  const first = openBudget(ctx, { id: TASK, agentId, log: journal() });
  expect(await first.reserve(ask, undefined)).toBeUndefined();
  expect((await agentBudget(ctx, agentId)).spend).toMatchObject({ reserved_tokens: 50, reserved_usd: 0.5 });
  // Its worker dies after the turn is in the journal. Two others in turn go on from there.
  for (const _ of [1, 2]) {
    const next = openBudget(ctx, { id: TASK, agentId, log: journal(turn(40)) });
    expect(await next.reserve(ask, undefined)).toBeUndefined();
    expect((await agentBudget(ctx, agentId)).spend).toMatchObject({
      day_tokens: 40,
      day_usd: 0.25,
      month_usd: 0.25,
      reserved_tokens: 50,
    });
  }
  // The last one dies too; the end of the task frees what it has reserved, and counts once.
  const endSpending = createEndSpending(ctx);
  for (const _ of [1, 2]) await endSpending(end(90, 0.5));
  expect((await agentBudget(ctx, agentId)).spend).toMatchObject({
    day_tokens: 90,
    day_usd: 0.5,
    reserved_tokens: 0,
    reserved_usd: 0,
  });
  expect(await ctx.redis.exists(keys.spending)).toBe(0);
});

test('counters begin at 0 with the day and the month of UTC', async () => {
  const agentId = await budgeted();
  const budget = openBudget(ctx, { id: TASK, agentId, log: journal(turn(100, 3), turn(1, null)) });
  await budget.reserve(ask, undefined);
  await budget.settle();
  const { spend, limits } = await agentBudget(ctx, agentId);
  expect(spend).toMatchObject({ day_tokens: 101, day_usd: 3, month_usd: 3, unpriced_turns: 1 });
  const now = new Date(ctx.now());
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
  expect(limits.map((each) => each.resets_at)).toEqual([
    new Date(Date.UTC(year, month, now.getUTCDate() + 1)).toISOString(),
    new Date(Date.UTC(year, month, now.getUTCDate() + 1)).toISOString(),
    new Date(Date.UTC(year, month + 1, 1)).toISOString(),
  ]);
  const key = keys.agentSpend(agentId);
  await ctx.redis.hincrby(key, 'day', -1);
  expect((await agentBudget(ctx, agentId)).spend).toMatchObject({ day_tokens: 0, day_usd: 0, month_usd: 3 });
  await ctx.redis.hincrby(key, 'month', -1);
  expect((await agentBudget(ctx, agentId)).spend).toMatchObject({ month_usd: 0 });
});

test('a level is told once in its day, and again if the limit has changed', async () => {
  const agentId = await budgeted();
  const told: string[] = [];
  const warn = (about: object, message: string) => told.push(`${message} ${JSON.stringify(about)}`);
  const loud = Object.create(ctx, { log: { value: { ...ctx.log, warn } } }) as Context;
  const budget = openBudget(loud, { id: TASK, agentId, log: journal(turn(800, 1)) });
  await budget.reserve(ask, undefined);
  await budget.settle();
  expect(told).toEqual([
    `a budget is nearly used up ${JSON.stringify({
      scope: 'agent',
      agent_id: agentId,
      limit: 'per_day_tokens',
      percent: 80,
      used: 800,
      max: 1000,
    })}`,
  ]);
  await openBudget(loud, { id: TASK, agentId, log: journal(turn(1_000, 1)) }).reserve(ask, undefined);
  expect(told[1]).toContain('a budget is used up');
  expect(told).toHaveLength(2);
});

test('what was read before a day and a month ended does not count for the next', async () => {
  const agentId = await budgeted();
  // More than any month has.
  const before = { ...ctx, now: () => ctx.now() - 32 * DAY_MS };
  for (const { now } of [before, ctx])
    await ctx.redis.hset(keys.stats(0, agentId, hourOf(now())), {
      input_tokens: 70,
      cost_nano: 3 * NANO_USD,
    });
  await beginSpending(before, agentId);
  expect((await agentBudget(ctx, agentId)).spend).toMatchObject({ day_tokens: 0, day_usd: 0, month_usd: 0 });
  await beginSpending(ctx, agentId);
  expect((await agentBudget(ctx, agentId)).spend).toMatchObject({ day_tokens: 70, day_usd: 3, month_usd: 3 });
});

test('the months of all years are those of the calendar', async () => {
  const lua = await readFile(new URL('calendar.lua', import.meta.url), 'utf8');
  const months = Array.from({ length: 200 * 12 }, (_, n) => Date.UTC(1970, n, 1));
  const script =
    `local DAY_MS = ${DAY_MS}\n${lua}\nlocal all = {}\n` +
    'for n, ms in ipairs(ARGV) do all[n] = { monthOf(tonumber(ms)), monthOf(ms - 1), startOfMonth(1970 * 12 + n - 1) } end\n' +
    'return all';
  const found = await ctx.redis.eval(script, 0, ...months);
  expect(found).toEqual(months.map((ms, n) => [1970 * 12 + n, 1970 * 12 + n - 1, ms]));
});

test('agents with a budget are listed, until it is removed or they are deleted', async () => {
  const [one, two] = [await budgeted(), await budgeted()];
  await createAgent(ctx, { name: 'without' }, 'sandbox:echo');
  const page = await listBudgets(ctx, { limit: 1 });
  const next = await listBudgets(ctx, { limit: 1, cursor: page.next_cursor ?? '' });
  expect([...page.agents, ...next.agents].map(({ agent_id }) => agent_id).sort()).toEqual([one, two].sort());
  expect(next.next_cursor).toBeNull();
  await deleteAgent(ctx, one);
  expect((await listBudgets(ctx, { limit: 10 })).agents.map(({ agent_id }) => agent_id)).toEqual([two]);
});

test('a trigger pays no command for budgets', async () => {
  const agentId = await budgeted();
  const { token } = await mintWebhook(ctx, agentId, 0);
  await resolveWebhook(ctx, token);
  const counts = countCommands(ctx.redis);
  await resolveWebhook(ctx, token);
  expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(1);
});
