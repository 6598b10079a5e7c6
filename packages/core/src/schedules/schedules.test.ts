import { type AgentInput, ID_PATTERNS, type ScheduleInput } from '@agenthook/contracts';
import { until } from '@agenthook/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { testContext } from '../../test/context.js';
import { createAgent } from '../agents/create-agent.js';
import { deleteAgent } from '../agents/delete-agent.js';
import { getAgent } from '../agents/get-agent.js';
import { memberOf, type StoredSchedule } from '../agents/schedules/schedule-store.js';
import { patchAgent } from '../agents/update-agent.js';
import { createVersionCache } from '../agents/version-cache.js';
import type { Context } from '../context.js';
import { listFiltered, listRejections } from '../intake/list-rejections.js';
import { keys } from '../redis/keys.js';
import { createSecretBox } from '../secrets/secret-box.js';
import { cancelTask } from '../tasks/cancel.js';
import { listTasks } from '../tasks/list/list-tasks.js';
import { taskTrace } from '../tasks/trace.js';
import { listSchedules } from './list-schedules.js';
import { scheduledTaskId } from './make-event.js';
import { noteRunEnd, noteScheduledEnd } from './note-run-end.js';
import { resumeSchedule } from './resume-schedule.js';
import { runDue } from './run-due.js';
import { runScheduleNow } from './run-now.js';

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;

beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
});
beforeEach(() => ctx.redis.flushdb());
afterAll(() => env?.close());

const EVERY: ScheduleInput = { id: 'tick', every_seconds: 10, payload: { question: 'What is new?' } };

async function agentWith(schedule: Partial<ScheduleInput> = {}, input: Partial<AgentInput> = {}) {
  const schedules = [{ ...EVERY, ...schedule }];
  return (await createAgent(ctx, { name: 'a', schedules, ...input }, 'sandbox:echo')).id;
}
const stateOf = async (id: string, schedule = 'tick') =>
  JSON.parse((await ctx.redis.hget(keys.agentSchedules(id), schedule)) ?? 'null') as StoredSchedule;

/** Lets the next due time be so long ago. Returns it. */
async function dueAgo(id: string, ms: number, schedule = 'tick'): Promise<number> {
  const due = ctx.now() - ms;
  await ctx.redis.hset(
    keys.agentSchedules(id),
    schedule,
    JSON.stringify({ ...(await stateOf(id, schedule)), due }),
  );
  await ctx.redis.zadd(keys.schedules, due, memberOf(id, schedule));
  return due;
}
/** Looks until nothing more is due now, as a worker does. */
async function look() {
  const versions = createVersionCache(ctx);
  while ((await runDue(ctx, versions)).more);
}
const tasks = async () => (await listTasks(ctx, {}, { limit: 100 })).tasks;
const shown = async (id: string) => (await listSchedules(ctx, id))[0];
const end = async (id: string, code: string | null) => {
  const { open } = await stateOf(id);
  if (open === null) throw new Error('nothing runs');
  await noteRunEnd(ctx, { agentId: id, scheduleId: 'tick', taskId: open, end: { code } });
};

describe('a due time', () => {
  test('makes a task of the agent’s version, with the payload, and the schedule goes on', async () => {
    const id = await agentWith();
    const due = await dueAgo(id, 100);
    await look();
    const [task, ...others] = await tasks();
    expect(others).toEqual([]);
    expect(task).toMatchObject({
      agent_id: id,
      agent_version: 1,
      trigger: 'schedule',
      via: 'schedule',
      schedule: { id: 'tick', due_at: new Date(due).toISOString() },
    });
    const trace = await taskTrace(ctx, task?.task_id ?? '');
    expect(trace).toMatchObject({ payload: { question: 'What is new?' }, via: 'schedule' });
    expect(trace?.headers['x-agenthook-schedule']).toBe('tick');
    expect(await shown(id)).toMatchObject({
      next_runs: [1, 2, 3, 4, 5].map((n) => new Date(due + n * 10_000).toISOString()),
      last_task: { task_id: task?.task_id, status: 'PENDING' },
      last_outcome: { outcome: 'ran' },
    });
  });

  test('makes one task, however many processes look and wherever they die', async () => {
    const id = await agentWith();
    const due = await dueAgo(id, 100);
    const before = await ctx.redis.hgetall(keys.agentSchedules(id));
    await Promise.all([look(), look(), look()]);
    // As after a restored backup, or a death before the schedule went on.
    await ctx.redis.hset(keys.agentSchedules(id), before);
    await ctx.redis.zadd(keys.schedules, due, memberOf(id, 'tick'));
    await Promise.all([look(), look()]);
    expect(await tasks()).toHaveLength(1);
  });

  test('that has had its run is passed over, as after Redis’s clock was set back', async () => {
    const id = await agentWith();
    const due = await dueAgo(id, 100);
    await look();
    await end(id, 'internal');
    const before = await stateOf(id);
    await ctx.redis.hset(keys.agentSchedules(id), 'tick', JSON.stringify({ ...before, due }));
    await ctx.redis.zadd(keys.schedules, due, memberOf(id, 'tick'));
    await look();
    expect(await tasks()).toHaveLength(1);
    expect(await stateOf(id)).toMatchObject({ open: null, failures: 1, due: due + 10_000 });
  });

  test('runs if it came while the agent was being saved', async () => {
    let nowMs = ctx.now() - 60_000;
    // Checking an agent’s tools takes a while.
    const slow = { ...ctx, now: () => (nowMs += 1000) };
    const at = () => new Date(nowMs + 1500).toISOString();
    const once = (): ScheduleInput[] => [{ id: 'once', at: at() }];
    const { id } = await createAgent(slow, { name: 'a', schedules: once() }, 'sandbox:echo');
    expect(await stateOf(id, 'once')).toMatchObject({ due: expect.any(Number) });
    await patchAgent(slow, id, { schedules: once() });
    expect(await stateOf(id, 'once')).toMatchObject({ due: expect.any(Number) });
    await look();
    expect(await tasks()).toHaveLength(1);
  });

  test('has a task id that no one can compute without the secret key', async () => {
    const id = await agentWith();
    const due = await dueAgo(id, 100);
    await look();
    const other = { ...ctx, secrets: createSecretBox('another key of enough length') };
    const [known, guessed] = await Promise.all(
      [ctx, other].map((context) => scheduledTaskId(context, id, 'tick', due)),
    );
    expect((await tasks())[0]?.task_id).toBe(known);
    expect(guessed).toMatch(new RegExp(ID_PATTERNS.task));
    expect(guessed).not.toBe(known);
  });

  test('is filtered, and kept, as an event is', async () => {
    const id = await agentWith({}, { filter: 'payload.question == "Something else"' });
    await dueAgo(id, 100);
    await look();
    expect(await tasks()).toEqual([]);
    expect(await shown(id)).toMatchObject({ last_outcome: { outcome: 'filtered' }, failures: 0 });
    await until('it is kept', async () => (await listFiltered(ctx, id, { limit: 10 })).events.length === 1);
  });

  test('is refused, told and kept where the payload does not match', async () => {
    const id = await agentWith({}, { input_schema: { type: 'object', required: ['other'] } });
    await dueAgo(id, 100);
    await look();
    expect(await tasks()).toEqual([]);
    const schedule = await shown(id);
    expect(schedule).toMatchObject({ last_outcome: { outcome: 'refused' }, failures: 1 });
    expect(schedule?.last_outcome?.detail).toContain('input_schema');
    await until(
      'it is kept',
      async () => (await listRejections(ctx, id, { limit: 10 })).rejections.length === 1,
    );
  });

  test('waits where the agent’s rate is used up, and is not lost', async () => {
    const id = await agentWith({ every_seconds: 60 }, { limits: { rate_per_minute: 1 } });
    await runScheduleNow(ctx, id, 'tick');
    const due = await dueAgo(id, 100);
    await look();
    expect(await tasks()).toHaveLength(1);
    expect((await stateOf(id)).due).toBe(due);
    expect(Number(await ctx.redis.zscore(keys.schedules, memberOf(id, 'tick')))).toBeGreaterThan(
      due + 10_000,
    );
  });
});

describe('missed runs', () => {
  test('are made up for once', async () => {
    const id = await agentWith({ catch_up: 'once' });
    const due = await dueAgo(id, 3_600_000);
    await look();
    const [task, ...others] = await tasks();
    expect(others).toEqual([]);
    const latest = Date.parse(task?.schedule?.due_at ?? '');
    expect((latest - due) % 10_000).toBe(0);
    expect(Date.now() - latest).toBeLessThan(10_000 + 5_000);
    expect((await stateOf(id)).due).toBe(latest + 10_000);
  });

  test('are told, and not made up for, with skip', async () => {
    const id = await agentWith({ catch_up: 'skip' });
    await dueAgo(id, 25_000);
    await look();
    expect(await tasks()).toEqual([]);
    expect(await shown(id)).toMatchObject({ last_outcome: { outcome: 'missed' } });
    expect((await stateOf(id)).due).toBeGreaterThan(ctx.now());
  });

  test('a run that is a few seconds late is not missed', async () => {
    const id = await agentWith({ catch_up: 'skip' });
    await dueAgo(id, 5_000);
    await look();
    expect(await tasks()).toHaveLength(1);
  });

  test('a time that passed while nothing ran is made up for', async () => {
    const at = new Date(Date.now() + 60_000).toISOString();
    const id = await agentWith({}, { schedules: [{ id: EVERY.id, at }] });
    await dueAgo(id, 3_600_000);
    await look();
    expect(await tasks()).toHaveLength(1);
    expect(await shown(id)).toMatchObject({ next_runs: [], paused_reason: 'Its time has passed.' });
    // The agent can still be saved as it is.
    const { schedules } = await getAgent(ctx, id);
    await patchAgent(ctx, id, { name: 'b', schedules });
    await look();
    expect(await tasks()).toHaveLength(1);
  });
});

describe('a run that is due before the last one has ended', () => {
  test('does not run with skip', async () => {
    const id = await agentWith({ overlap: 'skip' });
    await dueAgo(id, 100);
    await look();
    await dueAgo(id, 100);
    await look();
    expect(await tasks()).toHaveLength(1);
    expect(await shown(id)).toMatchObject({ last_outcome: { outcome: 'skipped' } });
    await end(id, null);
    await dueAgo(id, 100);
    await look();
    expect(await tasks()).toHaveLength(2);
  });

  test('runs after it with queue, in order', async () => {
    const id = await agentWith({ overlap: 'queue' });
    const dues: string[] = [];
    for (let n = 0; n < 3; n++) {
      dues.push(new Date(await dueAgo(id, 100)).toISOString());
      await look();
    }
    expect(await tasks()).toHaveLength(1);
    expect(await shown(id)).toMatchObject({ waiting: 2 });
    for (const many of [2, 3]) {
      await end(id, null);
      await look();
      expect(await tasks()).toHaveLength(many);
    }
    expect((await tasks()).map((task) => task.schedule?.due_at).toReversed()).toEqual(dues);
  });

  test('runs although no one noted the end of a task that is gone', async () => {
    const id = await agentWith();
    await dueAgo(id, 100);
    await look();
    await cancelTask(ctx, (await tasks())[0]?.task_id ?? '');
    await dueAgo(id, 100);
    await look();
    expect(await tasks()).toHaveLength(2);
    expect(await shown(id)).toMatchObject({ failures: 0 });
  });
});

describe('failures', () => {
  async function fail(id: string, many: number) {
    for (let n = 0; n < many; n++) {
      await dueAgo(id, 100);
      await look();
      await end(id, 'model_unavailable');
    }
  }

  test('pause the schedule after ten in a row, told with the reason, until it is resumed or saved', async () => {
    const id = await agentWith();
    await fail(id, 9);
    await dueAgo(id, 100);
    await look();
    await end(id, null);
    expect(await shown(id)).toMatchObject({ failures: 0, paused_reason: null });
    await fail(id, 10);
    expect(await shown(id)).toMatchObject({ failures: 10, next_runs: [], last_outcome: { outcome: 'ran' } });
    expect((await shown(id))?.paused_reason).toBe(
      '10 runs in a row have failed, the last with model_unavailable.',
    );
    const before = (await tasks()).length;
    await dueAgo(id, 100);
    await look();
    expect((await tasks()).length).toBe(before);

    await resumeSchedule(ctx, id, 'tick');
    const resumed = await shown(id);
    expect(resumed).toMatchObject({ failures: 0, paused_reason: null });
    expect(Date.parse(resumed?.next_runs[0] ?? '')).toBeGreaterThan(ctx.now());
    await fail(id, 10);
    await patchAgent(ctx, id, { name: 'better' });
    expect(await shown(id)).toMatchObject({ failures: 0, paused_reason: null });
  });

  test('count once, however often the end is told', async () => {
    const id = await agentWith();
    await dueAgo(id, 100);
    await look();
    const [task] = await tasks();
    const told = {
      task_id: task?.task_id ?? '',
      shard: 0,
      agent_id: id,
      agent_version: 1,
      schedule_id: 'tick',
      trigger: 'schedule' as const,
      status: 'FAILURE' as const,
      finished_ms: 0,
      duration_ms: 0,
      summary: {
        code: 'timeout',
        model: null,
        steps: null,
        input_tokens: 0,
        output_tokens: 0,
        cost_usd: null,
      },
    };
    await Promise.all([noteScheduledEnd(ctx, told), noteScheduledEnd(ctx, told)]);
    await noteScheduledEnd(ctx, told);
    expect(await shown(id)).toMatchObject({ failures: 1 });
  });
});

describe('a changed agent', () => {
  test('keeps the place of a schedule whose times are the same', async () => {
    const id = await agentWith();
    const due = await dueAgo(id, -3_000);
    await patchAgent(ctx, id, { system_prompt: 'New.', schedules: [{ ...EVERY, payload: { other: true } }] });
    expect((await stateOf(id)).due).toBe(due);
    await dueAgo(id, 100);
    await look();
    const [task] = await tasks();
    expect(task).toMatchObject({ agent_version: 2 });
    expect(await taskTrace(ctx, task?.task_id ?? '')).toMatchObject({ payload: { other: true } });
  });

  test('begins again where the times change, and drops a removed schedule', async () => {
    const id = await agentWith();
    await dueAgo(id, 100);
    await patchAgent(ctx, id, { schedules: [{ ...EVERY, every_seconds: 60 }] });
    await look();
    expect(await tasks()).toEqual([]);
    await patchAgent(ctx, id, { schedules: [] });
    expect(await ctx.redis.exists(keys.schedules, keys.agentSchedules(id))).toBe(0);
  });

  test('does not run while it or the schedule is disabled, says so, and makes nothing up later', async () => {
    const id = await agentWith();
    await patchAgent(ctx, id, { status: 'disabled' });
    expect(await shown(id)).toMatchObject({ next_runs: [], paused_reason: 'The agent is disabled.' });
    expect(await ctx.redis.zcard(keys.schedules)).toBe(0);
    await expect(runScheduleNow(ctx, id, 'tick')).rejects.toMatchObject({ code: 'agent_disabled' });
    await patchAgent(ctx, id, { status: 'active' });
    expect((await stateOf(id)).due).toBeGreaterThan(ctx.now());
    await patchAgent(ctx, id, { schedules: [{ ...EVERY, enabled: false }] });
    expect(await shown(id)).toMatchObject({ next_runs: [], paused_reason: 'The schedule is not enabled.' });
    await look();
    expect(await tasks()).toEqual([]);
  });

  test('takes its schedules with it when it is deleted', async () => {
    const id = await agentWith();
    await dueAgo(id, 100);
    await deleteAgent(ctx, id);
    expect(await ctx.redis.exists(keys.schedules, keys.agentSchedules(id))).toBe(0);
    await look();
    expect(await tasks()).toEqual([]);
    await expect(listSchedules(ctx, id)).rejects.toMatchObject({ code: 'unknown_agent' });
  });

  test('saved while its schedule is due loses no run and makes none twice', async () => {
    const id = await agentWith();
    for (let n = 0; n < 5; n++) {
      await dueAgo(id, 100);
      await Promise.all([look(), patchAgent(ctx, id, { name: `n${n}` }), look()]);
      await look();
      // A claim whose schedule was saved meanwhile is over when it expires.
      await ctx.redis.zadd(keys.schedules, 'XX', 'LT', ctx.now(), memberOf(id, 'tick'));
      await look();
      expect(await tasks()).toHaveLength(n + 1);
      await end(id, null);
    }
  });
});

test('a run now is a task of its own, with the rules of intake', async () => {
  const id = await agentWith({ enabled: false });
  const {
    run: { task_id },
  } = await runScheduleNow(ctx, id, 'tick');
  expect(await tasks()).toMatchObject([{ task_id, via: 'schedule', schedule: { id: 'tick' } }]);
  await expect(runScheduleNow(ctx, id, 'other')).rejects.toMatchObject({ code: 'unknown_schedule' });
  await patchAgent(ctx, id, { filter: 'false' });
  expect((await runScheduleNow(ctx, id, 'tick')).run).toEqual({ task_id: null, filtered: true });
});
