import type { TaskFailure, TaskSuccess } from '@agenthook/contracts';
import type { Context } from '../context.js';
import type { EndedTask, EndSummary } from '../queue/ended-task.js';
import { bareFailure, parseFailure } from '../queue/failure.js';
import { aboutOf, CHILDREN_FIELD, FIRST_STARTED_FIELD, OPTIONS_FIELD } from '../queue/job.js';
import { keys } from '../redis/keys.js';
import { unlessSealed } from '../sealing/seal.js';
import { readTexts } from './ended/ended-texts.js';

const FIELDS = [
  OPTIONS_FIELD,
  FIRST_STARTED_FIELD,
  'finishedOn',
  'returnvalue',
  'failedReason',
  CHILDREN_FIELD,
];

/** Reads ended tasks of a shard, in the order of their ids; undefined for each that no longer exists. */
export async function readEnded(
  ctx: Context,
  shard: number,
  taskIds: readonly string[],
): Promise<(EndedTask | undefined)[]> {
  const batch = ctx.redis.pipeline();
  for (const id of taskIds) batch.hmget(keys.job(shard, id), ...FIELDS);
  const rows = (await batch.exec()) ?? [];
  return await Promise.all(
    taskIds.map(async (id, index) => {
      const [error, row] = rows[index] ?? [];
      if (error) throw error;
      return await endedTask(ctx, shard, id, (row ?? []) as (string | null)[]);
    }),
  );
}

async function endedTask(
  ctx: Context,
  shard: number,
  id: string,
  row: (string | null)[],
): Promise<EndedTask | undefined> {
  const [options, firstStartedOn, finishedOn, returnvalue, failedReason, children] = row;
  const about = aboutOf(options);
  if (!about || !finishedOn) return undefined;
  const texts = await readTexts(ctx, returnvalue || failedReason || '').catch(unlessSealed);
  return {
    task_id: id,
    shard,
    agent_id: about.agent,
    agent_version: about.version,
    trigger: about.trigger,
    ...(about.draft && { draft: true as const }),
    ...(about.retention && { retention: about.retention }),
    ...(about.schedule && { schedule_id: about.schedule.id }),
    ...(about.sender !== undefined && { sender: about.sender }),
    ...(children && { children: children.split(' ') }),
    status: returnvalue ? 'SUCCESS' : 'FAILURE',
    finished_ms: Number(finishedOn),
    duration_ms: firstStartedOn ? Math.max(0, Number(finishedOn) - Number(firstStartedOn)) : null,
    summary: texts ? summaryIn(texts.result, Boolean(returnvalue)) : summaryOf(bareFailure('internal', '')),
  };
}

const summaryIn = (result: string, isSuccess: boolean): EndSummary =>
  isSuccess ? summaryOf(JSON.parse(result) as TaskSuccess) : summaryOf(parseFailure(result));

function summaryOf(result: TaskSuccess | TaskFailure): EndSummary {
  const { input_tokens, output_tokens, cost_usd } = result.usage;
  return {
    code: 'error' in result ? result.error.code : null,
    model: 'model' in result ? result.model : null,
    steps: 'steps' in result ? result.steps : null,
    input_tokens,
    output_tokens,
    cost_usd,
  };
}
