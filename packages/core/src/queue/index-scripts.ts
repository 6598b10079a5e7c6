import { ALL_AGENTS, luaRootOf, PLACES } from '../redis/keys.js';
import { HOUR_MS, STATS_TTL_SECONDS } from './hour.js';
import { ABOUT, OPTIONS_FIELD } from './job.js';

/**
 * The index of tasks changes in the very script that adds (add-tasks.ts), ends or removes a job, so the two can not
 * differ, whatever dies in between. What follows is put around BullMQ's own scripts.
 *
 * Each task stands in the sorted set of its status, by the time of its making: once for its agent, once for all. Beside
 * that the tasks that have not ended are counted by their agent's version, so that none of those is dropped. Every key
 * has the hash tag of its shard, which the queue's prefix of keys begins with.
 */
export const FUNCTIONS = `
local function rootOf(prefix) return ${luaRootOf('prefix')} end
local function aboutOf(job)
  local opts = redis.call('HGET', job, '${OPTIONS_FIELD}')
  return opts and cjson.decode(opts)['${ABOUT}']
end
local function countTriggered(root, agent, ms, by)
  redis.call('HINCRBY', root .. '${PLACES.totals}', 'triggered', by)
  for _, scope in ipairs({ '${ALL_AGENTS}', agent }) do
    local stats = root .. '${PLACES.stats}' .. scope .. ':' .. math.floor(tonumber(ms) / ${HOUR_MS})
    if redis.call('HINCRBY', stats, 'triggered', by) == by then
      redis.call('SADD', root .. '${PLACES.scopes}', agent)
      redis.call('EXPIRE', stats, ${STATS_TTL_SECONDS})
    end
  end
end
local function dropOpen(root, about, id)
  local dropped = 0
  for _, scope in ipairs({ '${ALL_AGENTS}', about.agent }) do
    dropped = dropped + redis.call('ZREM', root .. '${PLACES.index}' .. scope .. ':PENDING', id)
    dropped = dropped + redis.call('ZREM', root .. '${PLACES.index}' .. scope .. ':STARTED', id)
  end
  local open = root .. '${PLACES.openVersions}' .. about.agent
  if dropped > 0 and redis.call('HINCRBY', open, about.version, -1) <= 0 then
    redis.call('HDEL', open, about.version)
  end
end
`;

/**
 * A Lua function that notes the end of a task in the index, and in the set of those whose end is still to be told of.
 * For a script that ends one: `noteEnd(job, id, status, root)`.
 */
export const NOTE_END = `${FUNCTIONS}
local function noteEnd(job, id, status, root)
  local about = aboutOf(job)
  if not about then return end
  dropOpen(root, about, id)
  local created = redis.call('HGET', job, 'timestamp')
  redis.call('ZADD', root .. '${PLACES.index}${ALL_AGENTS}:' .. status, created, id)
  redis.call('ZADD', root .. '${PLACES.index}' .. about.agent .. ':' .. status, created, id)
  redis.call('ZADD', root .. '${PLACES.ended}', 0, id)
end
`;

/** What BullMQ puts of a result, or of an error, into its stream of events. */
const TOLD_RESULT = ', ARGV[3], ARGV[4], "prev", "active")';

/**
 * A script of BullMQ's that leaves results out of its stream of events: nobody reads them there, and they would outlive an
 * erased task. BullMQ has no option for it (https://github.com/taskforcesh/bullmq/issues/366). Throws where this version of
 * BullMQ words it differently.
 */
function withoutToldResults(lua: string): string {
  if (lua.split(TOLD_RESULT).length !== 2)
    throw new Error('BullMQ tells of results in another way than this version of AgentHook knows.');
  return lua.replace(TOLD_RESULT, ', "prev", "active")');
}

/** Notes the end of a job. ARGV: 1 its id, 5 how it ended, 7 the prefix of keys; KEYS[12] is the job. */
export const indexEnded = (lua: string): string => `${NOTE_END}
local function finish() ${withoutToldResults(lua)}
end
local result = finish()
if type(result) ~= 'number' or result >= 0 then
  noteEnd(KEYS[12], ARGV[1], ARGV[5] == 'completed' and 'SUCCESS' or 'FAILURE', rootOf(ARGV[7]))
end
return result`;

/** Takes a withdrawn task out of the index. ARGV: 1 its id, 3 the prefix of keys; KEYS[1] is the job. */
export const unindexRemoved = (lua: string): string => `${FUNCTIONS}
local function remove() ${lua}
end
local about = aboutOf(KEYS[1])
local created = redis.call('HGET', KEYS[1], 'timestamp')
local result = remove()
if result == 1 and about then
  local root = rootOf(ARGV[3])
  dropOpen(root, about, ARGV[1])
  redis.call('ZREM', root .. '${PLACES.ids}', ARGV[1])
  countTriggered(root, about.agent, created, -1)
end
return result`;
