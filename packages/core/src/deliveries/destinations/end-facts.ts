import type { TaskState } from '@agenthook/contracts';
import type { Context } from '../../context.js';
import { type About, aboutOf, OPTIONS_FIELD, payloadOf } from '../../queue/job.js';
import { runData } from '../../tasks/bursts/burst-events.js';
import { readFields } from '../../tasks/ended/read-fields.js';
import { readTaskData } from '../../tasks/ended/read-task-data.js';
import { taskStatus } from '../../tasks/status.js';

/** The variables of a destination's templates. */
export interface EndFacts {
  payload: unknown;
  headers: Record<string, string>;
  query: unknown;
  agent: { id: string; version: number; name: string };
  task: Pick<TaskState, 'status' | 'created_at' | 'started_at' | 'finished_at'> & { id: string };
  result: NonNullable<TaskState['result']>;
}

/** What is known of an ended task; undefined once it has expired. */
export async function readEnd(
  ctx: Context,
  shard: number,
  taskId: string,
  agentName: string,
): Promise<{ facts: EndFacts; about: About } | undefined> {
  const [state, stored, [options]] = await Promise.all([
    taskStatus(ctx, taskId),
    readTaskData(ctx, shard, taskId),
    readFields(ctx, shard, taskId, OPTIONS_FIELD),
  ]);
  const about = aboutOf(options);
  if (!state?.result || !stored || !about) return undefined;
  const data = await runData(ctx, shard, taskId, stored);
  const { status, created_at, started_at, finished_at, result } = state;
  return {
    about,
    facts: {
      payload: await payloadOf(data),
      headers: data.headers,
      query: data.query ?? {},
      agent: { id: about.agent, version: about.version, name: agentName },
      task: { id: taskId, status, created_at, started_at, finished_at },
      result,
    },
  };
}

/** The answer, or what a failed task ended with. */
export const textOf = ({ result }: EndFacts): string =>
  'error' in result ? `${result.error.code}: ${result.error.message}` : result.answer;
