import type { ScheduleRun } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { AppError, unknownAgent } from '../errors.js';
import { findSchedule } from './find-schedule.js';
import { makeEvent } from './make-event.js';

/**
 * Runs a schedule once, beside its due times, also if it is paused or not enabled. Throws `unknown_agent`,
 * `unknown_schedule`, or the code with which intake refuses the event.
 */
export async function runScheduleNow(
  ctx: Context,
  agentId: string,
  scheduleId: string,
): Promise<ScheduleRun> {
  const { schedule } = await findSchedule(ctx, agentId, scheduleId);
  const dueMs = ctx.now();
  const made = await makeEvent(ctx, agentId, schedule, { id: scheduleId, dueMs });
  switch (made.outcome) {
    case 'ran':
      return { task_id: made.task };
    case 'filtered':
      return { task_id: null, filtered: true };
    case 'refused':
      throw new AppError(made.code, made.detail);
    case 'later':
      throw new AppError(made.code, made.detail, { retryAfterSeconds: made.afterSeconds });
    case 'unknown_agent':
      throw unknownAgent(agentId);
  }
}
