-- The index of tasks. It changes in the same script that adds, ends or removes a job, so the two cannot
-- differ, whatever dies in between.
--
-- Each task is in the sorted set of its status, by the time of its creation: once for its agent, once for all
-- agents. Tasks that have not ended are also counted by their agent's version, so that no version is dropped
-- that they need. Every key has the hash tag of its shard, which the prefix of the queue's keys begins with.
--
-- @import { ALL_AGENTS, PLACES, TASK_QUEUE } from '../redis/keys.js'
-- @import { HOUR_MS, STATS_TTL_SECONDS } from './hour.js'
-- @import { ABOUT, OPTIONS_FIELD } from './job.js'

-- What all keys of a shard begin with, from what the keys of its task queue begin with.
local function rootOf(prefix) return string.sub(prefix, 1, -#TASK_QUEUE - 2) end

-- What a job says of itself in few bytes; nil for a job that does not exist.
local function aboutOf(job)
  local opts = redis.call('HGET', job, OPTIONS_FIELD)
  return opts and cjson.decode(opts)[ABOUT]
end

-- Counts tasks of an agent as triggered in the hour of a time in ms.
local function countTriggered(root, agent, ms, by)
  redis.call('HINCRBY', root .. PLACES.totals, 'triggered', by)
  for _, scope in ipairs({ ALL_AGENTS, agent }) do
    local stats = root .. PLACES.stats .. scope .. ':' .. math.floor(tonumber(ms) / HOUR_MS)
    if redis.call('HINCRBY', stats, 'triggered', by) == by then
      redis.call('SADD', root .. PLACES.scopes, agent)
      redis.call('EXPIRE', stats, STATS_TTL_SECONDS)
    end
  end
end

-- Removes a task from the sets of tasks that have not ended, and from the count of its version.
local function dropOpen(root, about, id)
  local dropped = 0
  for _, scope in ipairs({ ALL_AGENTS, about.agent }) do
    dropped = dropped + redis.call('ZREM', root .. PLACES.index .. scope .. ':PENDING', id)
    dropped = dropped + redis.call('ZREM', root .. PLACES.index .. scope .. ':STARTED', id)
  end
  local open = root .. PLACES.openVersions .. about.agent
  if dropped > 0 and redis.call('HINCRBY', open, about.version, -1) <= 0 then
    redis.call('HDEL', open, about.version)
  end
end

-- Notes the end of a task in the index, and in the set of tasks whose end is still to be delivered.
local function noteEnd(job, id, status, root)
  local about = aboutOf(job)
  if not about then return end
  dropOpen(root, about, id)
  local created = redis.call('HGET', job, 'timestamp')
  redis.call('ZADD', root .. PLACES.index .. ALL_AGENTS .. ':' .. status, created, id)
  redis.call('ZADD', root .. PLACES.index .. about.agent .. ':' .. status, created, id)
  redis.call('ZADD', root .. PLACES.ended, 0, id)
end
