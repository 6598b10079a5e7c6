import type { ScheduleRun } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { AppError, unknownAgent } from '../errors.js';
import { idempotencyOfCall } from '../intake/idempotency-key.js';
import { findSchedule } from './find-schedule.js';
import { makeEvent } from './make-event.js';

/**
 * Runs a schedule once, beside its due times, also if it is paused or not enabled. Throws `unknown_agent`,
 * `unknown_schedule`, or the code with which intake refuses the event.
 *
 * @param key the request's Idempotency-Key, which makes one task of several tries
 */
export async function runScheduleNow(
  ctx: Context,
  agentId: string,
  scheduleId: string,
  key?: string,
): Promise<{ run: ScheduleRun; isNew: boolean }> {
  const { schedule } = await findSchedule(ctx, agentId, scheduleId);
  const scheduled = { id: scheduleId, dueMs: ctx.now() };
  const once = key === undefined ? undefined : idempotencyOfCall(agentId, key, ['run', scheduleId]);
  const made = await makeEvent(ctx, agentId, schedule, scheduled, { once });
  switch (made.outcome) {
    case 'ran':
      return { run: { task_id: made.task }, isNew: made.isNew };
    case 'filtered':
      return { run: { task_id: null, filtered: true }, isNew: true };
    case 'refused':
      throw new AppError(made.code, made.detail);
    case 'later':
      throw new AppError(made.code, made.detail, { retryAfterSeconds: made.afterSeconds });
    case 'unknown_agent':
      throw unknownAgent(agentId);
  }
}
