import type { CallbackPayload } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { aboutOf, EMPTIED_FIELD, OPTIONS_FIELD } from '../queue/job.js';
import { readFields } from '../tasks/ended/read-fields.js';
import { publicTaskStatus } from '../tasks/status.js';

/**
 * The body of a task's callback. It is built from the stored task, so each attempt sends the same body, with
 * as much of the result as the agent's `public_result` shows. Undefined once the task has expired, or its
 * result was removed.
 */
export async function callbackBody(ctx: Context, shard: number, taskId: string): Promise<string | undefined> {
  const [state, [options, emptied]] = await Promise.all([
    publicTaskStatus(ctx, taskId),
    readFields(ctx, shard, taskId, OPTIONS_FIELD, EMPTIED_FIELD),
  ]);
  const about = aboutOf(options);
  if (!about || !state || state.finished_at === null || emptied) return undefined;
  const succeeded = state.status === 'SUCCESS';
  const payload: CallbackPayload = {
    type: succeeded ? 'task.succeeded' : 'task.failed',
    timestamp: state.finished_at,
    data: {
      task_id: taskId,
      agent_id: about.agent,
      agent_version: about.version,
      trigger: about.trigger,
      status: succeeded ? 'SUCCESS' : 'FAILURE',
      result: state.result,
      created_at: state.created_at,
      started_at: state.started_at,
      finished_at: state.finished_at,
    },
  };
  return JSON.stringify(payload);
}
