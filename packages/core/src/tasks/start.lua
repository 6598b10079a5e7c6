-- Decides in one step whether a task that a worker has taken may run. If so, takes a lease if the agent has
-- max_concurrency, stores the time of the first start, moves the task in the index, and notifies its
-- followers. A task that is not PENDING in the index has started before, or has ended.
--
-- Returns 'paused' if the agent is paused, 'parked' if its places are taken or another worker holds the task.
-- Returns 'withdrawn' if the task no longer exists.
--
-- @include ../redis/clock.lua
-- @include ../queue/conversation-order.lua
-- @include ../queue/task-index.lua
-- @include ./leases.lua
-- @include ./parking.lua
-- @import { CANCELLED_FIELD, FIRST_STARTED_FIELD, WAITING_FIELD } from '../queue/job.js'
-- @import { EVENT_STREAM_LENGTH, STARTED_EVENT, SUPERSEDED_FIELD } from '../queue/job.js'
-- @returns 'runs' | 'paused' | 'parked' | 'cancelled' | 'superseded' | 'withdrawn'

local job = KEYS[1] -- the task's job
local lock = KEYS[2] -- the lock of the worker that runs it
local active = KEYS[3] -- jobs that workers hold
local stalled = KEYS[4] -- active jobs that may have lost their worker
local delayed = KEYS[5] -- delayed jobs
local leases = KEYS[6] -- the agent's leases
local parked = KEYS[7] -- its parked tasks, by creation time
local parking = KEYS[8] -- agents with parked tasks
local allPending = KEYS[9] -- PENDING tasks of all agents, by creation time
local allStarted = KEYS[10] -- STARTED tasks of all agents
local agentPending = KEYS[11] -- PENDING tasks of the agent
local agentStarted = KEYS[12] -- STARTED tasks of the agent
local events = KEYS[13] -- BullMQ's event stream
local paused = KEYS[14] -- says that the agent is paused
local held = KEYS[15] -- its tasks that wait for the end of the pause, by creation time
local holding = KEYS[16] -- agents with such tasks
local id = ARGV[1] -- the task's id
local agent = ARGV[2] -- the agent's id
local token = ARGV[3] -- the caller's lock token
local created = ARGV[4] -- when the task was created, ms since the epoch
local started = ARGV[5] -- when this attempt starts, ms since the epoch
local max = tonumber(ARGV[6]) -- how many of the agent's tasks may run at once; 0: any number
local prefix = ARGV[7] -- prefix of the jobs' keys
local waits = ARGV[8] == '1' -- whether the task waits while its agent is paused
local conversation = ARGV[9] -- the conversation that it belongs to; '' for none

-- How many leases are checked when all places are taken. The oldest belong to workers that died.
local LOOKED_AT = 10

local function takeLease()
  if redis.call('GET', lock) ~= token then return false end
  if not redis.call('ZSCORE', leases, id) and redis.call('ZCARD', leases) >= max then
    dropDead(leases, prefix, 0, LOOKED_AT)
    if redis.call('ZCARD', leases) >= max then
      putAside(id, job, lock, active, stalled, delayed)
      redis.call('ZADD', parked, created, id)
      redis.call('ZADD', parking, max, agent)
      return false
    end
  end
  redis.call('ZADD', leases, nowMs(), id)
  return true
end

if redis.call('EXISTS', job) == 0 then return 'withdrawn' end
-- A task that has started before goes on.
local function isHeld()
  if not waits or redis.call('EXISTS', paused) == 0 then return false end
  if redis.call('HEXISTS', job, FIRST_STARTED_FIELD) == 1 then return false end
  if redis.call('GET', lock) == token then
    putAside(id, job, lock, active, stalled, delayed)
    redis.call('ZADD', held, created, id)
    redis.call('SADD', holding, agent)
  end
  return true
end

-- The task of a burst comes to a worker when its window ends, although its conversation may be busy.
local function takeTurn()
  if conversation == '' then return true end
  local at = conversationAt(rootOf(prefix), conversation)
  if not redis.call('ZSCORE', at.waiting, id) then return true end
  if redis.call('EXISTS', at.running) == 0 and redis.call('ZRANGE', at.waiting, 0, 0)[1] == id then
    redis.call('ZREM', at.waiting, id)
    redis.call('SADD', at.running, id)
    return true
  end
  if redis.call('GET', lock) == token then putAside(id, job, lock, active, stalled, delayed) end
  return false
end

local cancelled = redis.call('HEXISTS', job, CANCELLED_FIELD) == 1
if not cancelled and not takeTurn() then return 'parked' end
if not cancelled and isHeld() then return 'paused' end
if max > 0 and not cancelled and not takeLease() then return 'parked' end
redis.call('HSETNX', job, FIRST_STARTED_FIELD, started)
redis.call('HDEL', job, WAITING_FIELD)
if redis.call('ZREM', allPending, id) == 1 then redis.call('ZADD', allStarted, created, id) end
if redis.call('ZREM', agentPending, id) == 1 then redis.call('ZADD', agentStarted, created, id) end
redis.call('XADD', events, 'MAXLEN', '~', EVENT_STREAM_LENGTH, '*', 'event', STARTED_EVENT, 'jobId', id)
if not cancelled then return 'runs' end
return redis.call('HEXISTS', job, SUPERSEDED_FIELD) == 1 and 'superseded' or 'cancelled'
