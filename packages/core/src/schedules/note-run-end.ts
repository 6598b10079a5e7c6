import type { Context } from '../context.js';
import type { EndedTask } from '../queue/ended-task.js';
import { afterEnd, type RunEnd } from './after-run.js';
import { changeState } from './change-state.js';

/** Notes the end of a schedule's last run, once. The next one that waits for it is then due. */
export async function noteRunEnd(
  ctx: Context,
  run: { agentId: string; scheduleId: string; taskId: string; end: RunEnd | 'expired' },
): Promise<void> {
  const { agentId, scheduleId, taskId, end } = run;
  await changeState(ctx, agentId, scheduleId, (state, nowMs) => {
    if (state.open !== taskId) return undefined;
    const after = afterEnd(state, end, nowMs);
    if (after.paused)
      ctx.log.warn({ agent_id: agentId, schedule_id: scheduleId, task_id: taskId }, 'a schedule was paused');
    return after;
  });
}

/** Notes the end of a task at the schedule that made it, if one did. */
export async function noteScheduledEnd(
  ctx: Context,
  { task_id, agent_id, schedule_id, summary: { code } }: EndedTask,
): Promise<void> {
  if (schedule_id === undefined) return;
  await noteRunEnd(ctx, { agentId: agent_id, scheduleId: schedule_id, taskId: task_id, end: { code } });
}
