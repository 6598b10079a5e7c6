-- Decides in one step whether a task that a worker has taken may run. If so, takes a lease if the agent has
-- max_concurrency, stores the time of the first start, moves the task in the index, and notifies its
-- followers. A task that is not PENDING in the index has started before, or has ended.
--
-- Returns 'agent_paused' or 'paused' if the task waits for the end of a pause, 'parked' if the agent's places
-- are taken or another worker holds the task.
-- Returns 'withdrawn' if the task no longer exists.
--
-- @include ../redis/arguments.lua
-- @include ../redis/clock.lua
-- @include ../queue/conversation-order.lua
-- @include ../queue/task-index.lua
-- @include ./leases.lua
-- @include ./parking.lua
-- @import { CANCELLED_FIELD, FIRST_STARTED_FIELD, WAITING_FIELD } from '../queue/job.js'
-- @import { EVERYTHING, MODELS } from '../pauses/pause-names.js'
-- @import { PLACES } from '../redis/keys.js'
-- @import { EVENT_STREAM_LENGTH, STARTED_EVENT, SUPERSEDED_FIELD } from '../queue/job.js'
-- @returns 'runs' | 'agent_paused' | 'paused' | 'parked' | 'cancelled' | 'superseded' | 'withdrawn'

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
local paused = KEYS[14] -- says that the agent's breaker has paused it
local pauses = KEYS[15] -- what people have paused, by name
local held = KEYS[16] -- tasks that wait for the end of the agent's pauses, by creation time
local heldByAll = KEYS[17] -- tasks that wait for the end of the pause of everything
local heldByModel = KEYS[18] -- tasks that wait for a model
local holding = KEYS[19] -- names under which tasks wait
local id = ARGV[1] -- the task's id
local agent = ARGV[2] -- the agent's id
local token = ARGV[3] -- the caller's lock token
local created = ARGV[4] -- when the task was created, ms since the epoch
local started = ARGV[5] -- when this attempt starts, ms since the epoch
local max = tonumber(ARGV[6]) -- how many of the agent's tasks may run at once; 0: any number
local prefix = ARGV[7] -- prefix of the jobs' keys
local waits = ARGV[8] == '1' -- whether the task waits while its agent's breaker has paused it
local conversation = ARGV[9] -- the conversation that it belongs to; '' for none
local heeds = ARGV[10] == '1' -- whether the task heeds pauses by people
local models = rest(ARGV, 11) -- the names of the pauses of each of its models: of the provider, of the model

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

-- The pause of the first model, if all are paused.
local function pauseOfModels()
  local first
  for n = 1, #models, 2 do
    local found = redis.call('HMGET', pauses, models[n], models[n + 1])
    local pause = found[1] or found[2]
    if not pause then return nil end
    first = first or pause
  end
  return first
end

-- Puts the task aside until a pause ends. `why` is the pause as JSON.
local function hold(set, name, why)
  if redis.call('GET', lock) ~= token then return end
  putAside(id, job, lock, active, stalled, delayed)
  redis.call('ZREM', leases, id)
  redis.call('ZADD', set, created, id)
  redis.call('SADD', holding, name)
  if why then redis.call('HSET', job, WAITING_FIELD, why) else redis.call('HDEL', job, WAITING_FIELD) end
end

-- Where the task waits for the end of a pause; nil if it does not. After its agent's breaker, a task that has
-- started before goes on; a pause by a person stops every attempt that has not begun.
local function isHeld()
  if heeds and redis.call('EXISTS', pauses) == 1 then
    local found = redis.call('HMGET', pauses, EVERYTHING, agent)
    local model = not found[1] and not found[2] and pauseOfModels()
    if found[1] then hold(heldByAll, EVERYTHING, found[1]) return 'paused' end
    if found[2] then hold(held, agent, found[2]) return 'agent_paused' end
    if model then hold(heldByModel, MODELS, model) return 'paused' end
  end
  if not waits or redis.call('EXISTS', paused) == 0 then return nil end
  if redis.call('HEXISTS', job, FIRST_STARTED_FIELD) == 1 then return nil end
  hold(held, agent, nil)
  return 'agent_paused'
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
local pause = not cancelled and isHeld()
if pause then return pause end
if max > 0 and not cancelled and not takeLease() then return 'parked' end
redis.call('HSETNX', job, FIRST_STARTED_FIELD, started)
redis.call('HDEL', job, WAITING_FIELD)
if redis.call('ZREM', allPending, id) == 1 then redis.call('ZADD', allStarted, created, id) end
redis.call('SREM', rootOf(prefix) .. PLACES.again .. agent, id)
if redis.call('ZREM', agentPending, id) == 1 then redis.call('ZADD', agentStarted, created, id) end
redis.call('XADD', events, 'MAXLEN', '~', EVENT_STREAM_LENGTH, '*', 'event', STARTED_EVENT, 'jobId', id)
if not cancelled then return 'runs' end
return redis.call('HEXISTS', job, SUPERSEDED_FIELD) == 1 and 'superseded' or 'cancelled'
