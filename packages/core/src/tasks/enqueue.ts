import { sleep } from '@agenthook/async';
import { IDEMPOTENCY_TTL_SECONDS, type PublicResult, type TaskTrigger } from '@agenthook/contracts';
import { type Queue, SpanKind, TelemetryAttributes } from 'bullmq';
import type { Context } from '../context.js';
import type { Added, Idempotency } from '../queue/add-tasks.js';
import { confirmTask } from '../queue/confirm.js';
import { type About, RUN_JOB, type TaskData } from '../queue/job.js';
import { createTaskId, shardOf } from '../queue/task-id.js';
import { withdrawTask } from '../queue/withdraw.js';
import type { RedisClock } from '../redis/clock.js';
import { lostItsAnswer, mayHaveArrived } from '../redis/unavailable.js';

/**
 * How long after it was offered it may take to tell whether a task is stored, in ms. With the look-up of its token before
 * that, of up to a second, a caller knows within 3 s.
 */
const TELL_WITHIN_MS = 1_900;

/** How often a task that was refused to its caller is taken back while Redis does not answer, with what pause. */
const WITHDRAW_TRIES = 3_600;
const WITHDRAW_PAUSE_MS = 1_000;

/** A task to be stored. */
export interface NewTask {
  data: TaskData;
  /** The payload as JSON, where it is too large to be made a value of; then that of `data` does not count. */
  payloadJson?: string | undefined;
  trigger: TaskTrigger;
  /** The idempotency key that it came with; one who has it finds the task again. */
  key?: string | undefined;
  maxAttempts: number;
  /** What is shown of it without an API key; undefined: all. */
  publicResult?: PublicResult | undefined;
  /** While so many of the agent's tasks wait, it is not stored; undefined: however many do. */
  maxPending?: number;
  redisNow: RedisClock;
}

/** Puts a task into its agent's shard, however many wait there, and returns its id once Redis has it. As offerTask. */
export async function enqueue(ctx: Context, task: Omit<NewTask, 'maxPending'>): Promise<string> {
  const offered = await offerTask(ctx, task);
  if (offered.outcome !== 'accepted') throw new Error(`a task without a key was ${offered.outcome}`);
  return offered.task_id;
}

/**
 * Puts a task into its agent's shard if that takes it; `accepted` once Redis has it, `rejected` where too many wait. Where
 * the idempotency key names a task that exists already, that one is the answer, and nothing is stored.
 *
 * Where the answer is lost with the connection, Redis is asked once it is back whether it has the task.
 * When Redis does not answer, the caller is told so by a throw, but the command may still lie in a socket. Redis refuses
 * it there once its deadline has passed, counted from `redisNow` as it is sent. What it stored just before that, and could
 * not tell in time, is withdrawn.
 */
export async function offerTask(ctx: Context, task: NewTask, idempotency?: Idempotency): Promise<Added> {
  const tellBy = performance.now() + TELL_WITHIN_MS;
  const taskId = createTaskId(task.data.agent_id);
  const shard = shardOf(taskId, ctx.queues.length) ?? 0;
  const queue = ctx.queues[shard];
  if (!queue) throw new Error('no queue is open');
  const ttlMs = Math.min(IDEMPOTENCY_TTL_SECONDS, ctx.resultTtlSeconds) * 1000;
  const data = dataOf(task);
  const add = (telemetry: object): Promise<Added> =>
    ctx.addTask(shard, {
      id: taskId,
      about: { ...aboutTask(task), bytes: Buffer.byteLength(data) },
      data,
      options: { attempts: task.maxAttempts, ...queue.defaultJobOptions, ...telemetry },
      redisNow: task.redisNow,
      maxPending: task.maxPending,
      idempotency: idempotency && { ...idempotency, ttlMs },
    });
  try {
    return await (queue.opts.telemetry ? traced(queue, taskId, add) : add({}));
  } catch (error) {
    if (!mayHaveArrived(error)) throw error;
    if (lostItsAnswer(error) && (await confirmTask(ctx.redis, shard, taskId, tellBy)))
      return { outcome: 'accepted', task_id: taskId };
    void withdraw(ctx, shard, taskId);
    throw error;
  }
}

/** Adds in a span, as BullMQ's own `add` does; the trace goes with the job. */
async function traced(
  queue: Queue<TaskData>,
  taskId: string,
  add: (telemetry: object) => Promise<Added>,
): Promise<Added> {
  return await queue.trace(SpanKind.PRODUCER, 'add', `${queue.name}.${RUN_JOB}`, async (span, metadata) => {
    const added = await add(metadata === undefined ? {} : { tm: metadata });
    span?.setAttributes({ [TelemetryAttributes.JobName]: RUN_JOB, [TelemetryAttributes.JobId]: taskId });
    return added;
  });
}

function dataOf({ data, payloadJson }: NewTask): string {
  if (payloadJson === undefined) return JSON.stringify(data);
  const { payload: _, ...rest } = data;
  return `${JSON.stringify(rest).slice(0, -1)},"payload":${payloadJson}}`;
}

const aboutTask = ({ data, trigger, key, publicResult = 'full' }: NewTask): About => ({
  agent: data.agent_id,
  version: data.agent_version,
  trigger,
  ...(key !== undefined && { key }),
  ...(data.replay_of !== undefined && { replay_of: data.replay_of }),
  ...(publicResult !== 'full' && { public_result: publicResult }),
});

async function withdraw(ctx: Context, shard: number, taskId: string): Promise<void> {
  for (let attempt = 1; attempt <= WITHDRAW_TRIES; attempt++) {
    try {
      if (!(await withdrawTask(ctx.redis, shard, taskId)))
        ctx.log.warn(
          { task_id: taskId },
          'a task that was refused with 503 has started, or a retry was given it',
        );
      return;
    } catch {
      await sleep(WITHDRAW_PAUSE_MS, { background: true });
    }
  }
}
