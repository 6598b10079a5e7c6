import { type TaskFailure, type TaskSuccess, UNKEPT_RESULT_SECONDS } from '@agenthook/contracts';
import { parseJson } from '@agenthook/json';
import { removeBlobs } from '../../blobs/task-blobs.js';
import type { Context } from '../../context.js';
import { deliveryIdOf } from '../../queue/delivery-id.js';
import { parseFailure } from '../../queue/failure.js';
import type { TaskData } from '../../queue/job.js';
import { keys, taskPrefix } from '../../redis/keys.js';
import { isRedisUnavailable } from '../../redis/unavailable.js';
import { unlessSealed } from '../../sealing/seal.js';
import { joinTexts, readTexts } from './ended-texts.js';
import { writeEmptiedScript } from './write-emptied.script.js';

/** How long after its end a task keeps its event and journal, in ms: until its sender was answered. */
export const EVENT_LEFT_MS = 2_000;
/** How long after its end a task keeps its result, in ms. */
const RESULT_LEFT_MS = UNKEPT_RESULT_SECONDS * 1000;
/** When to look again whether the callback of a task was delivered, in ms. */
const LOOK_AGAIN_MS = 5_000;
/** The same after an error. Others get their turn. */
const FAILED_MS = 60_000;
const AT_ONCE = 100;

const MESSAGE = 'The agent keeps no texts of its runs.';

/**
 * Removes the texts of ended tasks whose agent keeps none: first the event, the journal and the files, later
 * the result, once its callback was delivered. Any number of processes may do this at the same time. Returns
 * whether more may be due.
 */
export async function emptyEnded(ctx: Context, shard: number): Promise<boolean> {
  const ids = await ctx.redis.zrangebyscore(keys.emptying(shard), '-inf', ctx.now(), 'LIMIT', 0, AT_ONCE);
  for (const id of ids) {
    try {
      await emptyOne(ctx, shard, id);
    } catch (error) {
      if (isRedisUnavailable(error)) throw error;
      ctx.log.error({ err: error, task_id: id }, 'the texts of a task could not be removed');
      await ctx.redis.zadd(keys.emptying(shard), 'XX', ctx.now() + FAILED_MS, id);
    }
  }
  return ids.length === AT_ONCE;
}

async function emptyOne(ctx: Context, shard: number, id: string): Promise<void> {
  const fields = ['finishedOn', 'data', 'returnvalue', 'failedReason'];
  const [finishedOn, data, returnvalue, failedReason] = await ctx.redis.hmget(keys.job(shard, id), ...fields);
  const stored = returnvalue || failedReason;
  if (!finishedOn || !stored) return void (await ctx.redis.zrem(keys.emptying(shard), id));
  const resultEnds = Number(finishedOn) + RESULT_LEFT_MS;
  // First: once its texts are removed, nothing looks at the task again.
  await removeBlobs(ctx, shard, [id]);
  const isOver = resultEnds <= ctx.now() && !(await isPending(ctx, shard, id));
  const texts = await readTexts(ctx, stored).catch(unlessSealed);
  if (!texts) return void (await ctx.redis.zrem(keys.emptying(shard), id));
  const isSuccess = Boolean(returnvalue);
  const joined = joinTexts({
    result: isOver ? bare(texts.result, isSuccess) : texts.result,
    data: JSON.stringify(emptied(data ?? texts.data)),
    log: [],
  });
  await writeEmptiedScript(
    ctx.redis,
    { job: keys.job(shard, id), log: keys.taskLog(shard, id), emptying: keys.emptying(shard) },
    {
      id,
      prefix: taskPrefix(shard),
      isSuccess,
      texts: await ctx.seal.keep(joined),
      due: isOver ? '' : Math.max(resultEnds, ctx.now() + LOOK_AGAIN_MS),
    },
  );
}

/** Whether the callback of a task is still to be delivered. */
const isPending = async (ctx: Context, shard: number, id: string): Promise<boolean> =>
  (await ctx.redis.hget(keys.delivery(shard, deliveryIdOf(id)), 'status')) === 'pending';

/** What is left of a job's data. */
function emptied(json: string | undefined): TaskData {
  const { agent_id = '', agent_version = 0 } = json ? (JSON.parse(json) as Partial<TaskData>) : {};
  return { agent_id, agent_version, headers: {}, removed: true };
}

/** A result without its texts. */
function bare(json: string, isSuccess: boolean): string {
  const nothing = { tool_calls: [], removed: true as const };
  if (!isSuccess) {
    const { error, usage } = parseFailure(json);
    return JSON.stringify({
      error: { code: error.code, message: MESSAGE },
      usage,
      ...nothing,
    } satisfies TaskFailure);
  }
  const { usage, model, steps } = parseJson(json) as TaskSuccess;
  return JSON.stringify({
    answer: '',
    sources: [],
    thought: '',
    usage,
    model,
    steps,
    ...nothing,
  } satisfies TaskSuccess);
}
