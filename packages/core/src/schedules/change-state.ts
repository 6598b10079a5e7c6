import { lookAt, memberOf, readState, type StoredSchedule } from '../agents/schedules/schedule-store.js';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { setScheduleScript } from './set-schedule.script.js';

const TRIES = 5;

/** A schedule's state as stored, which a change is computed from. */
export interface KnownState {
  agentId: string;
  scheduleId: string;
  json: string;
}

/** Stores a schedule's new state, unless another process changed it first; returns whether it did. */
export async function setState(
  ctx: Context,
  { agentId, scheduleId, json }: KnownState,
  state: StoredSchedule,
  lookAtMs: number | undefined,
): Promise<boolean> {
  const written = await setScheduleScript(
    ctx.redis,
    { states: keys.agentSchedules(agentId), due: keys.schedules },
    {
      id: scheduleId,
      member: memberOf(agentId, scheduleId),
      known: json,
      state: JSON.stringify(state),
      score: lookAtMs ?? '',
    },
  );
  return written === 1;
}

/**
 * Changes a schedule's state, whatever others do meanwhile. `change` returns undefined to leave it. `repair`
 * replaces a state that cannot be read. Throws if others change it all the time.
 */
export async function changeState(
  ctx: Context,
  agentId: string,
  scheduleId: string,
  change: (state: StoredSchedule, nowMs: number) => StoredSchedule | undefined,
  repair?: (nowMs: number) => StoredSchedule,
): Promise<void> {
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const json = await ctx.redis.hget(keys.agentSchedules(agentId), scheduleId);
    const nowMs = ctx.now();
    const known = json === null ? undefined : readState(ctx, memberOf(agentId, scheduleId), json);
    const state = known ? change(known, nowMs) : json !== null && repair ? repair(nowMs) : undefined;
    if (json === null || state === undefined) return;
    if (await setState(ctx, { agentId, scheduleId, json }, state, lookAt(state, nowMs))) return;
  }
  throw new Error('a schedule is changed by others all the time');
}
