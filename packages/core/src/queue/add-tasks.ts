import { NO_SENDER, type TaskTrigger } from '@agenthook/contracts';
import type { RedisClock } from '../redis/clock.js';
import { ADD_DEADLINE_MS, type RedisClient } from '../redis/connect.js';
import { inBatches } from '../redis/in-batches.js';
import { keys, taskPrefix, textHash } from '../redis/keys.js';
import { luaJson } from '../redis/lua-json.js';
import { addTasksScript } from './add-tasks.script.js';
import type { BurstEntry, BurstMeta } from './burst.js';
import type { ConversationEntry } from './conversation.js';
import { bareFailure, SUPERSEDED_ERROR } from './failure.js';
import { ABOUT, type About, BODY_HASH } from './job.js';

/**
 * What a retry must match to find the first request's task: the key's hash and, for some keys, the body's
 * hash.
 */
export interface Idempotency {
  id: string;
  bodyHash?: string;
}

/** An agent's breaker, for one event. `keyHash` stands for what the event is about. */
export interface Breaker {
  keyHash: string;
  maxPerMinute: number;
}

/** A task to add to its shard's queue. */
export interface TaskToAdd {
  id: string;
  about: About;
  /** The job's data, as JSON. */
  data: string;
  /** BullMQ's options of the job. */
  options: object;
  /** Whether the task's files are stored already. They expire until the task is stored. */
  hasFiles?: boolean;
  /** How the event takes part in a burst, if it does. */
  burst?: BurstEntry | undefined;
  /** How many files its event has, and their bytes. */
  fileSizes?: { files: number; fileBytes: number } | undefined;
  /** How the task takes part in a conversation, if it does. */
  conversation?: ConversationEntry | undefined;
  /** Redis's clock, which determines the deadline. */
  redisNow: RedisClock;
  /** Counts the task for its agent's breaker. */
  breaker?: Breaker | undefined;
  /** The task is refused if this many of the agent's tasks wait; undefined: no limit. */
  maxPending?: number | undefined;
  /** For `ttlMs`, a retry with this key gets the first task, and a different body is refused. */
  idempotency?: (Idempotency & { ttlMs: number }) | undefined;
}

export type Added =
  /** With `paused`, the task exceeded the limit of its agent's breaker. */
  | { outcome: 'accepted'; task_id: string; paused?: true }
  /** The task that the idempotency key belongs to. */
  | { outcome: 'duplicate'; task_id: string }
  | { outcome: 'rejected'; code: 'idempotency_key_reused' | 'too_many_pending' };

/** The result of a task that had not started when a newer event took its place. */
const SUPERSEDED = JSON.stringify(bareFailure(SUPERSEDED_ERROR.code, SUPERSEDED_ERROR.message));

/** The beginning of the answer for an event that joined a task. */
const JOINED = 'joined ';

/** What people make from earlier events, which must not keep new events out. */
const REPEATS: ReadonlySet<TaskTrigger> = new Set(['replay', 'continue']);

/** How many tasks, and characters of them, one command adds at most. */
const AT_ONCE = { items: 100, weight: 2 ** 20, weigh: ({ data }: TaskToAdd) => data.length };

/**
 * Adds a task to its queue. Batches the tasks of one turn of the event loop. Throws if Redis is unavailable.
 */
export type AddTask = (shard: number, task: TaskToAdd) => Promise<Added>;

export function createAddTask(redis: RedisClient, shards: number): AddTask {
  const queues = Array.from({ length: shards }, (_, shard) =>
    inBatches((tasks: TaskToAdd[]) => addTasks(redis, shard, tasks), AT_ONCE),
  );
  return async (shard, task) => {
    const add = queues[shard];
    if (!add) throw new Error('no queue is open');
    return outcomeOf(task.id, await add(task));
  };
}

async function addTasks(redis: RedisClient, shard: number, tasks: TaskToAdd[]): Promise<string[]> {
  const created = Date.now();
  return await addTasksScript(
    redis,
    {
      marker: keys.queueMarker(shard),
      meta: keys.queueMeta(shard),
      prioritized: keys.prioritizedJobs(shard),
      counter: keys.priorityCounter(shard),
      active: keys.activeJobs(shard),
      delayed: keys.delayedJobs(shard),
    },
    { prefix: taskPrefix(shard), tasks: tasks.map((task) => recordOf(task, created)) },
  );
}

function recordOf(task: TaskToAdd, created: number) {
  const { id, about, data, options, redisNow, breaker, maxPending, idempotency } = task;
  const { hasFiles, conversation, burst } = task;
  const { id: key = '', ttlMs = 0, bodyHash } = idempotency ?? {};
  const opts = {
    ...options,
    [ABOUT]: about,
    [BODY_HASH]: bodyHash,
    ...(key && { de: { id: key, ttl: ttlMs } }),
  };
  return {
    id,
    agent: about.agent,
    version: about.version,
    sender: about.sender ?? NO_SENDER,
    created,
    ackBy: redisNow() + ADD_DEADLINE_MS,
    most: maxPending ?? '',
    again: REPEATS.has(about.trigger) ? '1' : '',
    key,
    ttl: ttlMs,
    bodyHash: bodyHash ?? '',
    breaker: breaker?.keyHash ?? '',
    breakerMax: breaker?.maxPerMinute ?? '',
    keyHash: about.key === undefined ? '' : textHash(about.key),
    opts: luaJson(opts),
    data,
    files: hasFiles ? '1' : '',
    conversation: conversation ? luaJson({ ...conversation, failure: SUPERSEDED }) : '',
    burst: burst ? luaJson({ ...burst, ...task.fileSizes, meta: luaJson(metaOf(task, created)) }) : '',
  };
}

const metaOf = ({ id, about, idempotency }: TaskToAdd, at: number): BurstMeta => ({
  id,
  at,
  key: about.key,
  once: idempotency?.id,
  keyHash: about.key && textHash(about.key),
});

/**
 * Converts a script's answer. For a missed deadline, throws an error that `isRedisUnavailable` recognizes.
 */
function outcomeOf(id: string, answer: string): Added {
  switch (answer) {
    case 'LATE':
      throw new Error('LATE the caller has been told that this task is not stored');
    case 'idempotency_key_reused':
    case 'too_many_pending':
      return { outcome: 'rejected', code: answer };
    case `paused ${id}`:
      return { outcome: 'accepted', task_id: id, paused: true };
    default:
      if (answer.startsWith(JOINED)) return { outcome: 'accepted', task_id: answer.slice(JOINED.length) };
      return { outcome: answer === id ? 'accepted' : 'duplicate', task_id: answer };
  }
}
