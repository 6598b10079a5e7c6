import { NO_SENDER, type TaskTrigger } from '@agenthook/contracts';
import type { RedisClock } from '../redis/clock.js';
import { ADD_DEADLINE_MS, type RedisClient } from '../redis/connect.js';
import { type BatchAnswer, inBatches } from '../redis/in-batches.js';
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
  return (shard, task) => {
    const add = queues[shard];
    if (!add) throw new Error('no queue is open');
    return add(task);
  };
}

async function addTasks(
  redis: RedisClient,
  shard: number,
  tasks: TaskToAdd[],
): Promise<BatchAnswer<Added>[]> {
  const created = Date.now();
  const answers = await addTasksScript(
    redis,
    {
      marker: keys.queueMarker(shard),
      meta: keys.queueMeta(shard),
      prioritized: keys.prioritizedJobs(shard),
      counter: keys.priorityCounter(shard),
      active: keys.activeJobs(shard),
      delayed: keys.delayedJobs(shard),
    },
    { prefix: taskPrefix(shard), created, tasks: tasks.map((task) => recordOf(task, created)) },
  );
  return tasks.map(({ id }, n) => outcomeOf(id, answers[n]));
}

/** What add-tasks.lua reads of a task beyond the fields that every task has. */
interface TaskExtras {
  /** A replay or continuation, which is counted apart. */
  again?: true;
  /** The name of its idempotency key, and how long that is kept, in ms. */
  key?: string;
  ttl?: number;
  /** The body's hash, which a retry must match. */
  bodyHash?: string | undefined;
  /** The hash of the sent idempotency key, for searches. */
  keyHash?: string;
  /** The hash of what the event is about, and how many runs a minute its agent's breaker allows about it. */
  breaker?: string;
  breakerMax?: number;
  /** Its files are stored, which expire until the task is. */
  files?: true;
  conversation?: object;
  burst?: object;
}

/** The extras of a task as JSON; empty if it has none. */
function extrasOf(task: TaskToAdd, created: number): string {
  const { about, breaker, idempotency, hasFiles, conversation, burst } = task;
  const isRepeat = REPEATS.has(about.trigger);
  const hasKey = idempotency !== undefined || about.key !== undefined;
  if (!isRepeat && !hasKey && !breaker && !hasFiles && !conversation && !burst) return '';
  return luaJson({
    ...(isRepeat && { again: true }),
    ...(idempotency && { key: idempotency.id, ttl: idempotency.ttlMs, bodyHash: idempotency.bodyHash }),
    ...(about.key !== undefined && { keyHash: textHash(about.key) }),
    ...(breaker && { breaker: breaker.keyHash, breakerMax: breaker.maxPerMinute }),
    ...(hasFiles && { files: true }),
    ...(conversation && { conversation: { ...conversation, failure: SUPERSEDED } }),
    ...(burst && { burst: { ...burst, ...task.fileSizes, meta: luaJson(metaOf(task, created)) } }),
  } satisfies TaskExtras);
}

function recordOf(task: TaskToAdd, created: number) {
  const { id, about, data, options, redisNow, maxPending, idempotency } = task;
  const opts = {
    ...options,
    [ABOUT]: about,
    ...(idempotency && {
      [BODY_HASH]: idempotency.bodyHash,
      de: { id: idempotency.id, ttl: idempotency.ttlMs },
    }),
  };
  return {
    id,
    agent: about.agent,
    version: about.version,
    sender: about.sender ?? NO_SENDER,
    ackBy: redisNow() + ADD_DEADLINE_MS,
    most: maxPending ?? '',
    opts: luaJson(opts),
    data,
    more: extrasOf(task, created),
  };
}

const metaOf = ({ id, about, idempotency }: TaskToAdd, at: number): BurstMeta => ({
  id,
  at,
  key: about.key,
  once: idempotency?.id,
  keyHash: about.key && textHash(about.key),
});

/** Converts a script's answer. `isRedisUnavailable` recognizes the error for a missed deadline. */
function outcomeOf(id: string, answer: string | undefined): BatchAnswer<Added> {
  switch (answer) {
    case undefined:
      return new Error('add-tasks.lua gave no answer for this task');
    case 'LATE':
      return new Error('LATE the caller has been told that this task is not stored');
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
