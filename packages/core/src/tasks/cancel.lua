-- Ends a task that no worker holds, or marks one that a worker holds, in one step, so that no worker can take
-- it in between. Returns 'changed' if the journal has grown since the failure was built from it.
--
-- A task that ends here leaves the same data as BullMQ's moveToFinished, although its job need not be active:
-- its id in `failed`, `finishedOn` and `failedReason` in its hash, and the event. `atm` becomes the attempt
-- that the status showed last.
--
-- @include ../queue/task-index.lua
-- @import { CANCELLED_FIELD, EVENT_STREAM_LENGTH, FIRST_STARTED_FIELD } from '../queue/job.js'
-- @returns 'unknown' | 'finished' | 'held' | 'changed' | 'ended'

local job = KEYS[1] -- the task's job
local lock = KEYS[2] -- the lock of the worker that runs it
local log = KEYS[3] -- the task's journal
local cancelling = KEYS[4] -- running tasks that are to be stopped, by when that was requested
local failed = KEYS[5] -- failed jobs
local events = KEYS[6] -- BullMQ's event stream
local stalled = KEYS[7] -- active jobs that may have lost their worker
local delayed = KEYS[8] -- delayed jobs
local prioritized = KEYS[9] -- waiting jobs, by priority
local wait = KEYS[10] -- waiting jobs without a priority
local paused = KEYS[11] -- waiting jobs of a paused queue
local active = KEYS[12] -- jobs that workers hold
local id = ARGV[1] -- the task's id
local now = tonumber(ARGV[2]) -- ms since the epoch
local failure = ARGV[3] -- the task's failure, as JSON
local seen = tonumber(ARGV[4]) -- number of journal entries that the failure was built from
local tellMs = tonumber(ARGV[5]) -- how long workers are told to stop the task, ms
local root = ARGV[6] -- prefix of all keys of the shard

local row = redis.call('HMGET', job, 'timestamp', 'finishedOn', FIRST_STARTED_FIELD, 'atm')
if not row[1] then return 'unknown' end
if row[2] then
  redis.call('ZREM', cancelling, id)
  return 'finished'
end
local held = redis.call('EXISTS', lock) == 1
if not held and redis.call('XLEN', log) ~= seen then return 'changed' end
local from
if held then from = nil
elseif redis.call('ZREM', delayed, id) == 1 then from = 'delayed'
elseif redis.call('ZREM', prioritized, id) == 1 then from = 'prioritized'
elseif redis.call('LREM', wait, 1, id) == 1 then from = 'waiting'
elseif redis.call('LREM', paused, 1, id) == 1 then from = 'paused'
elseif redis.call('LREM', active, 1, id) == 1 then from = 'active'
end
if not from then
  redis.call('HSETNX', job, CANCELLED_FIELD, now)
  redis.call('ZREMRANGEBYSCORE', cancelling, '-inf', now - tellMs)
  redis.call('ZADD', cancelling, 'NX', now, id)
  redis.call('PEXPIRE', cancelling, tellMs)
  return 'held'
end
redis.call('SREM', stalled, id)
redis.call('ZREM', cancelling, id)
local made = tonumber(row[4] or 0)
if row[3] then
  if from ~= 'delayed' then made = made + 1 elseif made == 0 then made = 1 end
  redis.call('HSET', job, 'atm', made)
end
redis.call('HDEL', job, 'defa')
redis.call('HSET', job, 'finishedOn', now, 'failedReason', failure)
redis.call('ZADD', failed, now, id)
noteEnd(job, id, 'FAILURE', root)
redis.call('XADD', events, 'MAXLEN', '~', EVENT_STREAM_LENGTH, '*',
  'event', 'failed', 'jobId', id, 'prev', from)
return 'ended'
