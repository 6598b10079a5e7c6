import type { RedisClock } from '../redis/clock.js';
import { ADD_DEADLINE_MS, type RedisClient } from '../redis/connect.js';
import { inBatches } from '../redis/in-batches.js';
import { ALL_AGENTS, keys, PLACES, taskPrefix, textHash } from '../redis/keys.js';
import { luaJson } from '../redis/lua-json.js';
import { defineScript } from '../redis/script.js';
import { STATS_TTL_SECONDS } from './hour.js';
import { FUNCTIONS } from './index-scripts.js';
import { ABOUT, type About, ACKNOWLEDGED_FIELD, BODY_HASH, OPTIONS_FIELD, RUN_JOB } from './job.js';

/** BullMQ's score of a waiting job: its priority times this, and a counter. Its priorities begin at 1. */
const PRIORITY_UNIT = 2 ** 32;
const FIRST_TURN = 1;

/** What Redis answers, in place of an id, to a task that comes too late; `isRedisUnavailable` knows the word. */
const LATE = 'LATE';
/** What it answers to a task whose idempotency key belongs to another body. */
const REUSED = 'idempotency_key_reused';
/** What it answers to a task whose agent has too many that wait. */
const FULL = 'too_many_pending';

/** What makes a retry find the task of the first request: the key's hash and, where it has to be the same, the body's. */
export interface Idempotency {
  id: string;
  bodyHash?: string;
}

/** A task as it is put into its shard's queue. */
export interface TaskToAdd {
  id: string;
  about: About;
  /** What the job carries, as JSON. */
  data: string;
  /** BullMQ's options of the job. */
  options: object;
  /** Redis's clock, by which it has a deadline. */
  redisNow: RedisClock;
  /** While so many of the agent's tasks wait, it is refused; undefined: however many do. */
  maxPending?: number | undefined;
  /** By which, for `ttlMs`, a task is not stored again, and one of another body refused. */
  idempotency?: (Idempotency & { ttlMs: number }) | undefined;
}

export type Added =
  | { outcome: 'accepted'; task_id: string }
  /** The task that its idempotency key belongs to. */
  | { outcome: 'duplicate'; task_id: string }
  | { outcome: 'rejected'; code: typeof REUSED | typeof FULL };

/**
 * Adds tasks as BullMQ's addPrioritizedJob would, several in one step, and into the index (index-scripts.ts). KEYS: the
 * queue's marker, meta, prioritized, pc and active. ARGV: the queue's prefix, then FIELDS for each task. Answers each with
 * the id that it has now, of an earlier task where its key belongs to one, or with a word.
 *
 * A command whose caller has given up may still lie in a socket and be read later, by a Redis that was paused or is slow;
 * only Redis itself can tell that it is late, in the same step that would store it.
 *
 * BullMQ's deduplication is a key that names the first task. It may outlive that; must refuse another body; and a task
 * that a retry was given is no longer the first caller's to take back. A retry adds nothing to the agent's backlog, so
 * it gets its task however many wait.
 *
 * Agents take turns: a task's priority is the turn that is being served, which is that of the first task in line, and one
 * more for each task of its agent that waits already. So an agent with a backlog keeps its own order, and one without
 * does not wait behind it.
 *
 * Nobody is told in BullMQ's stream of events: who follows a task begins once it is there.
 */
const FIELDS = [
  'id',
  'agent',
  'version',
  'created',
  'ackBy',
  'most',
  'key',
  'ttl',
  'bodyHash',
  'keyHash',
  'opts',
  'data',
] as const;
const addScript = defineScript<string[]>(`${FUNCTIONS}
local marker, meta, prioritized, counter, active = unpack(KEYS)
local prefix = ARGV[1]
local root = rootOf(prefix)
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local first = redis.call('ZRANGE', prioritized, 0, 0, 'WITHSCORES')
local turn = first[2] and math.floor(first[2] / ${PRIORITY_UNIT}) or ${FIRST_TURN}
local answers, stored, priorities, pending = {}, {}, {}, {}
local all, open, versions = {}, {}, {}

local function known(key, bodyHash)
  local id = redis.call('GET', key)
  if not id then return end
  local opts = redis.call('HGET', prefix .. id, '${OPTIONS_FIELD}')
  if not opts then redis.call('DEL', key) return end
  if (cjson.decode(opts)['${BODY_HASH}'] or '') ~= bodyHash then return '${REUSED}' end
  redis.call('HSET', prefix .. id, '${ACKNOWLEDGED_FIELD}', '1')
  return id
end

local function add(${FIELDS.join(', ')})
  if now > tonumber(ackBy) then return '${LATE}' end
  local once = key ~= '' and prefix .. 'de:' .. key
  local found = once and known(once, bodyHash)
  if found then return found end
  local job = prefix .. id
  if redis.call('EXISTS', job) == 1 then return id end
  if not pending[agent] then
    pending[agent] = redis.call('ZCARD', root .. '${PLACES.index}' .. agent .. ':PENDING')
    open[agent], versions[agent] = {}, {}
  end
  if most ~= '' and pending[agent] >= tonumber(most) then return '${FULL}' end
  local priority = turn + pending[agent]
  pending[agent] = pending[agent] + 1
  redis.call('HSET', job, 'name', '${RUN_JOB}', 'data', data, 'timestamp', created, 'delay', 0, 'priority', priority,
    '${OPTIONS_FIELD}', '{"priority":' .. priority .. ',' .. string.sub(opts, 2))
  if once then
    redis.call('HSET', job, 'deid', key)
    redis.call('SET', once, id, 'PX', ttl)
  end
  if keyHash ~= '' then
    local index = root .. '${PLACES.keys}' .. keyHash
    redis.call('SADD', index, id)
    redis.call('EXPIRE', index, ${STATS_TTL_SECONDS})
  end
  stored[#stored + 1], priorities[#priorities + 1] = id, priority
  local mine = open[agent]
  mine[#mine + 1], mine[#mine + 2] = created, id
  all[#all + 1], all[#all + 2] = created, id
  versions[agent][version] = (versions[agent][version] or 0) + 1
  return id
end

for n = 2, #ARGV, ${FIELDS.length} do answers[#answers + 1] = add(unpack(ARGV, n, n + ${FIELDS.length - 1})) end
if #stored == 0 then return answers end

local number = redis.call('INCRBY', counter, #stored) - #stored
local line, ids = {}, {}
for n, id in ipairs(stored) do
  line[2 * n - 1], line[2 * n] = priorities[n] * ${PRIORITY_UNIT} + (number + n) % ${PRIORITY_UNIT}, id
  ids[2 * n - 1], ids[2 * n] = 0, id
end
redis.call('ZADD', prioritized, unpack(line))
local paused = redis.call('HMGET', meta, 'paused', 'concurrency')
if not paused[1] and not (paused[2] and redis.call('LLEN', active) >= tonumber(paused[2])) then
  redis.call('ZADD', marker, 0, '0')
end
redis.call('ZADD', root .. '${PLACES.index}${ALL_AGENTS}:PENDING', unpack(all))
redis.call('ZADD', root .. '${PLACES.ids}', unpack(ids))
for agent, mine in pairs(open) do
  if #mine > 0 then
    redis.call('ZADD', root .. '${PLACES.index}' .. agent .. ':PENDING', unpack(mine))
    countTriggered(root, agent, mine[1], #mine / 2)
    for version, count in pairs(versions[agent]) do
      redis.call('HINCRBY', root .. '${PLACES.openVersions}' .. agent, version, count)
    end
  end
end
return answers`);

/** How many tasks, and characters of them, one command adds at most. */
const AT_ONCE = { items: 100, weight: 2 ** 20, weigh: ({ data }: TaskToAdd) => data.length };

/** Puts a task into its queue; those of one turn of the event loop together. Throws what Redis being away throws. */
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
  const redisKeys = [
    keys.queueMarker(shard),
    keys.queueMeta(shard),
    keys.prioritizedJobs(shard),
    keys.priorityCounter(shard),
    keys.activeJobs(shard),
  ];
  const created = Date.now();
  const args: (string | number)[] = [taskPrefix(shard)];
  for (const { id, about, data, options, redisNow, maxPending, idempotency } of tasks) {
    const { id: key = '', ttlMs = 0, bodyHash } = idempotency ?? {};
    const opts = {
      ...options,
      [ABOUT]: about,
      [BODY_HASH]: bodyHash,
      ...(key && { de: { id: key, ttl: ttlMs } }),
    };
    const ackBy = redisNow() + ADD_DEADLINE_MS;
    const keyHash = about.key === undefined ? '' : textHash(about.key);
    const task: Record<(typeof FIELDS)[number], string | number> = {
      id,
      agent: about.agent,
      version: about.version,
      created,
      ackBy,
      most: maxPending ?? '',
      key,
      ttl: ttlMs,
      bodyHash: bodyHash ?? '',
      keyHash,
      opts: luaJson(opts),
      data,
    };
    args.push(...FIELDS.map((field) => task[field]));
  }
  return await addScript(redis, redisKeys, args);
}

function outcomeOf(id: string, answer: string): Added {
  switch (answer) {
    case LATE:
      throw new Error(`${LATE} the caller has been told that this task is not stored`);
    case REUSED:
    case FULL:
      return { outcome: 'rejected', code: answer };
    default:
      return { outcome: answer === id ? 'accepted' : 'duplicate', task_id: answer };
  }
}
