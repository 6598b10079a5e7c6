import { iso, isoOrNull, NEXT_RUNS, type Schedule, type ScheduleState } from '@agenthook/contracts';
import { readConfig } from '../agents/read-agent.js';
import { dueAfter } from '../agents/schedules/due-times.js';
import type { StoredSchedule } from '../agents/schedules/schedule-store.js';
import type { Context } from '../context.js';
import { unknownAgent } from '../errors.js';
import { keys } from '../redis/keys.js';
import { taskStatus } from '../tasks/status.js';

/** The schedules of an agent, with their next and last runs. Throws `unknown_agent`. */
export async function listSchedules(ctx: Context, agentId: string): Promise<ScheduleState[]> {
  const [agent, states] = await Promise.all([
    readConfig(ctx, agentId),
    ctx.redis.hgetall(keys.agentSchedules(agentId)),
  ]);
  if (!agent) throw unknownAgent(agentId);
  const { schedules = [], status } = agent.config;
  return await Promise.all(
    schedules.map((schedule) => shown(ctx, schedule, states[schedule.id], status === 'active')),
  );
}

async function shown(
  ctx: Context,
  schedule: Schedule,
  json: string | undefined,
  isActive: boolean,
): Promise<ScheduleState> {
  const state = json === undefined ? undefined : (JSON.parse(json) as StoredSchedule);
  const last = state?.last ?? null;
  const task = last && (await taskStatus(ctx, last.task));
  return {
    ...schedule,
    next_runs: state ? nextRuns(schedule, state).map(iso) : [],
    last_task: last && { task_id: last.task, status: task?.status ?? null, due_at: iso(last.due) },
    last_outcome: state?.outcome
      ? {
          outcome: state.outcome.outcome,
          due_at: iso(state.outcome.due),
          detail: state.outcome.detail ?? null,
        }
      : null,
    failures: state?.failures ?? 0,
    waiting: state?.waiting.length ?? 0,
    paused_at: isoOrNull(state?.paused?.at),
    paused_reason: reasonOf(schedule, state, isActive),
  };
}

function nextRuns(schedule: Schedule, { due, paused }: StoredSchedule): number[] {
  if (due === null || paused) return [];
  return [due, ...dueAfter(schedule, due, due, NEXT_RUNS - 1)];
}

function reasonOf(
  { enabled, at }: Schedule,
  state: StoredSchedule | undefined,
  isActive: boolean,
): string | null {
  if (state?.paused) return state.paused.reason;
  if (!isActive) return 'The agent is disabled.';
  if (!enabled) return 'The schedule is not enabled.';
  return at !== undefined && state?.due === null ? 'Its time has passed.' : null;
}
