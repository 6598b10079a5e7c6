import { restarted, resumed, type StoredSchedule } from '../agents/schedules/schedule-store.js';
import type { Context } from '../context.js';
import { changeState } from './change-state.js';
import { findSchedule } from './find-schedule.js';

/**
 * Ends the pause of a schedule; does nothing if it is not paused. It goes on with its next due time. Repairs
 * a state that cannot be read. Throws `unknown_agent`, `unknown_schedule`.
 */
export async function resumeSchedule(ctx: Context, agentId: string, scheduleId: string): Promise<void> {
  const { schedule, config } = await findSchedule(ctx, agentId, scheduleId);
  const runs = config.status === 'active' && schedule.enabled;
  const ifItRuns = (state: StoredSchedule) => (runs ? state : { ...state, due: null });
  await changeState(
    ctx,
    agentId,
    scheduleId,
    (state, nowMs) => (state.paused ? ifItRuns(resumed(schedule, state, nowMs)) : undefined),
    (nowMs) => ifItRuns(restarted(schedule, nowMs)),
  );
}
