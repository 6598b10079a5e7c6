import {
  type AgentSchedule,
  iso,
  isoOrNull,
  NEXT_RUNS,
  type Schedule,
  type ScheduleState,
} from '@agenthook/contracts';
import { readConfig } from '../agents/read-agent.js';
import { dueAfter } from '../agents/schedules/due-times.js';
import { memberOf, readState, type StoredSchedule } from '../agents/schedules/schedule-store.js';
import type { Context } from '../context.js';
import { AppError, badCursor, unknownAgent } from '../errors.js';
import { keys } from '../redis/keys.js';
import { taskStatus } from '../tasks/status.js';
import { agentsWithSchedulesScript } from './agents-with-schedules.script.js';

/** Why a schedule whose state cannot be read has no next runs. */
const DAMAGED = 'What is stored of the schedule cannot be read. Resume it, or save the agent.';

/** The schedules of an agent, with their next and last runs. Throws `unknown_agent`. */
export async function listSchedules(ctx: Context, agentId: string): Promise<ScheduleState[]> {
  const [agent, states] = await Promise.all([
    readConfig(ctx, agentId),
    ctx.redis.hgetall(keys.agentSchedules(agentId)),
  ]);
  if (!agent) throw unknownAgent(agentId);
  const { schedules = [], status } = agent.config;
  return await Promise.all(
    schedules.map((schedule) => {
      const json = states[schedule.id];
      const state = json === undefined ? undefined : readState(ctx, memberOf(agentId, schedule.id), json);
      const reason = json !== undefined && !state ? DAMAGED : reasonOf(schedule, state, status === 'active');
      return shown(ctx, schedule, state, reason);
    }),
  );
}

/** How many agents one command looks at, and how many a page looks at. */
const AT_ONCE = 500;
const MOST_LOOKED_AT = 20_000;
const POSITION = /^\d{1,7}$/;

/**
 * A page of the schedules of all agents: of up to `limit` agents, the newest first. `cursor` is the previous
 * page's `next_cursor`.
 */
export async function listAllSchedules(
  ctx: Context,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ schedules: AgentSchedule[]; next_cursor: string | null }> {
  if (cursor !== undefined && !POSITION.test(cursor)) throw badCursor();
  const first = Number(cursor ?? 0);
  const found: string[] = [];
  let from = first;
  while (from !== -1 && found.length < limit && from - first < MOST_LOOKED_AT) {
    const args = { prefix: keys.agentPrefix, from, most: AT_ONCE, limit: limit - found.length };
    const [next, ...ids] = await agentsWithSchedulesScript(ctx.redis, { agents: keys.agents }, args);
    found.push(...ids);
    from = next;
  }
  const all = await Promise.all(
    found.map(async (agent_id) => {
      const states = await listSchedules(ctx, agent_id).catch(passOver);
      return states.map((schedule) => ({ agent_id, schedule }));
    }),
  );
  return { schedules: all.flat(), next_cursor: from === -1 ? null : String(from) };
}

/** An agent may have been deleted meanwhile, or be damaged. */
function passOver(error: unknown): ScheduleState[] {
  if (error instanceof AppError && ['unknown_agent', 'damaged_agent'].includes(error.code)) return [];
  throw error;
}

async function shown(
  ctx: Context,
  schedule: Schedule,
  state: StoredSchedule | undefined,
  paused_reason: string | null,
): Promise<ScheduleState> {
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
    paused_reason,
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
