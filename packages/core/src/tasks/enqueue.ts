import { sleep } from '@agenthook/async';
import {
  IDEMPOTENCY_TTL_SECONDS,
  type LogEntry,
  type PublicView,
  type TaskTrigger,
} from '@agenthook/contracts';
import { jsonShape } from '@agenthook/json';
import { type Queue, SpanKind, TelemetryAttributes } from 'bullmq';
import { storedView } from '../access/public-result.js';
import type { Context } from '../context.js';
import type { Added, Breaker, Idempotency } from '../queue/add-tasks.js';
import type { BurstEntry } from '../queue/burst.js';
import { confirmTask } from '../queue/confirm.js';
import type { ConversationEntry } from '../queue/conversation.js';
import { type About, RUN_JOB, type StoredRetention, type TaskData } from '../queue/job.js';
import { createTaskId, shardOf } from '../queue/task-id.js';
import { withdrawEvent, withdrawTask } from '../queue/withdraw.js';
import type { RedisClock } from '../redis/clock.js';
import { keys } from '../redis/keys.js';
import { packText } from '../redis/pack-text.js';
import { lostItsAnswer, mayHaveArrived } from '../redis/unavailable.js';
import { LARGE_EVENT, sealEvent } from '../sealing/sealed-event.js';
import { beginJournal } from './begin-journal.js';
import { copyFiles, dropFiles, storeFiles } from './task-files.js';

/**
 * How long it may take to find out whether a task is stored, in ms. With the look-up of the token before it,
 * which takes up to a second, the caller gets an answer within 3 s.
 */
const TELL_WITHIN_MS = 1_900;

/**
 * How often to retry the withdrawal of a refused task while Redis does not answer, and the pause between
 * tries.
 */
const WITHDRAW_TRIES = 14_400;
const WITHDRAW_PAUSE_MS = 250;

/** A task to store. */
export interface NewTask {
  data: TaskData;
  /** The payload as JSON, if it is too large to parse here. It replaces the payload in `data`. */
  payloadJson?: string | undefined;
  /** The files of the event, or the id of the task of the same agent that has them. */
  files?: readonly Uint8Array[] | { of: string } | undefined;
  /** What its journal begins with. */
  journal?: readonly LogEntry[] | undefined;
  trigger: TaskTrigger;
  /** The scheme of the signature that the event was checked by. */
  sender?: string | undefined;
  /** The schedule that made the event. */
  scheduled?: { id: string; dueMs: number; taskId?: string } | undefined;
  /** The call that made the task. */
  parent?: About['parent'];
  /** The task whose end made it, also indirectly. */
  relay?: About['relay'];
  /** Its id, if the caller or a schedule may try again. A task with this id is stored only once. */
  taskId?: string | undefined;
  /** The idempotency key of the request, by which the task can be found. */
  key?: string | undefined;
  /** Why the agent's filter had no value for the event. */
  filterError?: string | undefined;
  /** How the task takes part in a conversation, if it does. */
  conversation?: ConversationEntry | undefined;
  /** How the event takes part in a burst, if it does. */
  burst?: BurstEntry | undefined;
  /** Why the key of a burst could not be rendered. */
  burstError?: string | undefined;
  /** Why the key of its conversation could not be rendered. */
  conversationError?: string | undefined;
  maxAttempts: number;
  /** What is visible without an API key, and how; undefined: everything, flat. */
  view?: PublicView;
  /** How long it is kept after its end, and what of it; undefined: everything, as long as the others. */
  retention?: StoredRetention | undefined;
  /** Counts the task for its agent's breaker. */
  breaker?: Breaker | undefined;
  /** The task is refused if this many of the agent's tasks wait; undefined: no limit. */
  maxPending?: number;
  redisNow: RedisClock;
}

/**
 * Adds a task to its agent's shard, regardless of the backlog. Returns its id once Redis has stored it.
 * Otherwise like offerTask.
 */
export async function enqueue(ctx: Context, task: Omit<NewTask, 'maxPending'>): Promise<string> {
  const offered = await offerTask(ctx, task);
  if (offered.outcome !== 'accepted') throw new Error(`a task without a key was ${offered.outcome}`);
  return offered.task_id;
}

/**
 * Adds a task to its agent's shard. Returns `accepted` once Redis has stored it, `rejected` if the agent's
 * backlog is full. If the idempotency key names an existing task, returns that task and stores nothing.
 *
 * If the answer is lost with the connection, asks Redis after the reconnect whether the task is stored. If
 * Redis does not answer, throws, although the command may still be in a socket. Redis refuses it there once
 * its deadline has passed, counted from `redisNow` as the command is sent. A task that was stored just before
 * the deadline, without an answer in time, is withdrawn.
 */
export async function offerTask(ctx: Context, task: NewTask, idempotency?: Idempotency): Promise<Added> {
  const tellBy = performance.now() + TELL_WITHIN_MS;
  const givenId = task.taskId ?? task.scheduled?.taskId;
  const taskId = givenId ?? createTaskId(task.data.agent_id);
  const shard = shardOf(taskId, ctx.queues.length) ?? 0;
  const queue = ctx.queues[shard];
  if (!queue) throw new Error('no queue is open');
  const ttlMs = Math.min(IDEMPOTENCY_TTL_SECONDS, ctx.resultTtlSeconds) * 1000;
  const hasFiles = task.files !== undefined;
  const placed = hasFiles ? await putFiles(ctx, shard, taskId, task) : task;
  const event = dataOf(ctx, placed);
  const { data, bytes } = event instanceof Promise ? await event : event;
  if (task.journal) await beginJournal(ctx, shard, taskId, task.journal);
  const about = aboutTask(task);
  about.bytes = bytes + fileBytes(task);
  const add = (telemetry?: object): Promise<Added> =>
    ctx.addTask(shard, {
      id: taskId,
      about,
      data,
      options: { attempts: task.maxAttempts, ...queue.defaultJobOptions, ...telemetry },
      hasFiles,
      redisNow: task.redisNow,
      breaker: task.breaker,
      conversation: task.conversation,
      burst: task.burst,
      fileSizes: task.burst && { files: task.data.files?.length ?? 0, fileBytes: fileBytes(task) },
      maxPending: task.maxPending,
      idempotency: idempotency && { ...idempotency, ttlMs },
    });
  try {
    const added = await (queue.opts.telemetry ? traced(queue, taskId, add) : add());
    if (hasFiles && added.outcome !== 'accepted') dropFiles(ctx, shard, taskId);
    if (task.journal && added.outcome !== 'accepted' && givenId === undefined)
      ctx.redis.unlink(keys.taskLog(shard, taskId)).catch(() => {});
    return added;
  } catch (error) {
    if (!mayHaveArrived(error)) {
      if (hasFiles) dropFiles(ctx, shard, taskId);
      throw error;
    }
    const stored = lostItsAnswer(error) && (await confirmTask(ctx.redis, shard, taskId, tellBy));
    if (stored) return { outcome: 'accepted', task_id: stored };
    // The caller tries again with the same id, and that task must stay.
    if (givenId === undefined) void withdraw(ctx, shard, taskId, task.burst !== undefined);
    throw error;
  }
}

const fileBytes = ({ data: { files = [] } }: NewTask): number =>
  files.reduce((total, { bytes }) => total + bytes, 0);

/**
 * Stores a task's files before the task, so that no run can miss them. Returns the task with where they are.
 * Files of a burst's events are in Redis, because they may become files of another task.
 */
async function putFiles(ctx: Context, shard: number, taskId: string, task: NewTask): Promise<NewTask> {
  const { files, data, burst } = task;
  if (!files) return task;
  const place = { shard, id: taskId, inStore: ctx.blobs !== undefined && burst === undefined };
  try {
    const about = data.files ?? [];
    const placed =
      'of' in files
        ? await copyFiles(ctx, place, about, files.of)
        : await storeFiles(ctx, place, about, files);
    return { ...task, data: { ...data, files: placed } };
  } catch (error) {
    // They may be stored, although the answer was lost. The sweep removes those in the blob store later,
    // because a request that stores one may still be under way now.
    ctx.redis.unlink(keys.taskFiles(shard, taskId)).catch(() => {});
    throw error;
  }
}

/** Adds the task in a span, as BullMQ's `add` does. The job carries the trace. */
async function traced(
  queue: Queue<TaskData>,
  taskId: string,
  add: (telemetry?: object) => Promise<Added>,
): Promise<Added> {
  return await queue.trace(SpanKind.PRODUCER, 'add', `${queue.name}.${RUN_JOB}`, async (span, metadata) => {
    const added = await add(metadata === undefined ? undefined : { tm: metadata });
    span?.setAttributes({ [TelemetryAttributes.JobName]: RUN_JOB, [TelemetryAttributes.JobId]: taskId });
    return added;
  });
}

interface StoredData {
  /** As JSON. */
  data: string;
  /** Its size without compression. */
  bytes: number;
}

/** A job's data. A promise only if it is encrypted or compressed. */
function dataOf(ctx: Context, { data, payloadJson, burst }: NewTask): StoredData | Promise<StoredData> {
  const { payload, payload_json: _, ...about } = data;
  const rest = { ...about, ...(burst && { burst: burst.keepsAll ? ('all' as const) : ('latest' as const) }) };
  const json = payloadJson ?? JSON.stringify(payload) ?? 'null';
  if (ctx.seal.isOn) {
    const { headers, query, note, ...kept } = rest;
    const event = withPayload({ headers, query, note }, json);
    const bytes = Buffer.byteLength(JSON.stringify(kept)) + Buffer.byteLength(event);
    return sealEvent(ctx, kept, event).then((sealed) => ({ data: sealed, bytes }));
  }
  if (json.length > LARGE_EVENT) {
    const bytes = Buffer.byteLength(json) + Buffer.byteLength(JSON.stringify(rest));
    return packText(json).then((packed) => ({
      data: JSON.stringify({ ...rest, payload_json: packed }),
      bytes,
    }));
  }
  const stored = withPayload(rest, json);
  return { data: stored, bytes: Buffer.byteLength(stored) };
}

/** An object with a payload, as JSON. */
const withPayload = (rest: object, json: string): string =>
  jsonShape(json).fitsDoubles
    ? `${JSON.stringify(rest).slice(0, -1)},"payload":${json}}`
    : JSON.stringify({ ...rest, payload_json: json });

const aboutTask = (task: NewTask): About => {
  const { data, trigger, sender, scheduled, parent, key, filterError } = task;
  const { relay, conversation, conversationError, burstError } = task;
  return {
    agent: data.agent_id,
    version: data.agent_version,
    ...(data.draft_json !== undefined && { draft: true as const }),
    trigger,
    ...(sender !== undefined && { sender }),
    ...(scheduled && { schedule: { id: scheduled.id, due: scheduled.dueMs } }),
    ...(parent && { parent }),
    ...(relay && { relay }),
    ...(key !== undefined && { key }),
    ...(data.replay_of !== undefined && { replay_of: data.replay_of }),
    ...(data.continued_from !== undefined && { continued_from: data.continued_from }),
    ...(data.from_step !== undefined && { from_step: data.from_step }),
    ...(filterError !== undefined && { filter_error: filterError }),
    ...(conversation && { conversation: conversation.id }),
    ...(conversationError !== undefined && { conversation_error: conversationError }),
    ...(burstError !== undefined && { burst_error: burstError }),
    ...(task.retention && { retention: task.retention }),
    ...storedView(task.view ?? {}),
  };
};

async function withdraw(ctx: Context, shard: number, taskId: string, inBurst: boolean): Promise<void> {
  for (let attempt = 1; attempt <= WITHDRAW_TRIES; attempt++) {
    try {
      const isWithdrawn =
        (await withdrawTask(ctx.redis, shard, taskId)) ||
        (inBurst && (await withdrawEvent(ctx.redis, shard, taskId)));
      if (!isWithdrawn)
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
