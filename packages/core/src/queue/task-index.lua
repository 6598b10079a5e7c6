-- The index of tasks. The script that adds, ends or removes a job also updates the index, so the two stay
-- consistent if a process dies.
--
-- Each task is in the sorted set of its status, by creation time: once for its agent, once for all agents.
-- Tasks that have not ended are also counted per version of their agent, so that no version that they need is
-- dropped. Every key has its shard's hash tag, with which the prefix of the queue's keys begins.
--
-- @include ../redis/stored-row.lua
-- @include ./conversation-order.lua
-- @import { ALL_AGENTS, NAMED, PLACES, TASK_QUEUE } from '../redis/keys.js'
-- @import { DAY_MS, HOUR_MS, STATS_TTL_SECONDS } from './hour.js'
-- @include ./asks.lua
-- @import { ABOUT, OPTIONS_FIELD } from './job.js'

-- The prefix of all keys of a shard, from the prefix of its task queue's keys.
local function rootOf(prefix) return string.sub(prefix, 1, -#TASK_QUEUE - 2) end

-- A job's summary; nil for a missing job, or if it cannot be read.
local function aboutOf(job)
  local opts = redis.call('HGET', job, OPTIONS_FIELD)
  return opts and (objectIn(opts) or {})[ABOUT]
end

-- Adds to an agent's count of triggered tasks, in the hour of a time in ms.
local function countTriggered(root, agent, ms, by)
  redis.call('HINCRBY', root .. PLACES.totals, 'triggered', by)
  local busy = root .. PLACES.busy .. math.floor(tonumber(ms) / DAY_MS)
  local events = tonumber(redis.call('ZINCRBY', busy, by, agent))
  if events == by then redis.call('EXPIRE', busy, STATS_TTL_SECONDS) end
  for _, scope in ipairs({ ALL_AGENTS, agent }) do
    local stats = root .. PLACES.stats .. scope .. ':' .. math.floor(tonumber(ms) / HOUR_MS)
    if redis.call('HINCRBY', stats, 'triggered', by) == by then
      redis.call('SADD', root .. PLACES.scopes, agent)
      redis.call('EXPIRE', stats, STATS_TTL_SECONDS)
    end
  end
end

-- Adds to a sender's count of an agent's triggered tasks, in the hour of a time in ms.
local function countSent(root, agent, sender, ms, by)
  for _, scope in ipairs({ '', agent .. '-' }) do
    local counters = root .. PLACES.stats .. scope .. NAMED.sender .. sender
    local stats = counters .. ':' .. math.floor(tonumber(ms) / HOUR_MS)
    if redis.call('HINCRBY', stats, 'triggered', by) == by then
      local names = root .. PLACES.names .. scope .. 'sender:' .. math.floor(tonumber(ms) / DAY_MS)
      redis.call('SADD', names, sender)
      redis.call('EXPIRE', names, STATS_TTL_SECONDS)
      redis.call('EXPIRE', stats, STATS_TTL_SECONDS)
    end
  end
end

-- Removes a task from the sets of open tasks, and from the count of its version.
local function dropOpen(root, about, id)
  local dropped = 0
  for _, scope in ipairs({ ALL_AGENTS, about.agent }) do
    dropped = dropped + redis.call('ZREM', root .. PLACES.index .. scope .. ':PENDING', id)
    dropped = dropped + redis.call('ZREM', root .. PLACES.index .. scope .. ':STARTED', id)
  end
  redis.call('SREM', root .. PLACES.again .. about.agent, id)
  local open = root .. PLACES.openVersions .. about.agent
  if dropped > 0 and redis.call('HINCRBY', open, about.version, -1) <= 0 then
    redis.call('HDEL', open, about.version)
  end
end

-- Records the end of a task in the index and in the outbox.
local function noteEnd(job, id, status, root)
  local about = aboutOf(job)
  if not about then return end
  dropOpen(root, about, id)
  dropAsks(job, id, root .. PLACES.asking)
  local created = redis.call('HGET', job, 'timestamp')
  redis.call('ZADD', root .. PLACES.index .. ALL_AGENTS .. ':' .. status, created, id)
  redis.call('ZADD', root .. PLACES.index .. about.agent .. ':' .. status, created, id)
  redis.call('ZADD', root .. PLACES.ended, 0, id)
  local prefix = root .. TASK_QUEUE .. ':'
  leaveConversation(root, prefix, about, id)
  if about.parent then endCall(prefix, about.parent.task, id) end
end
