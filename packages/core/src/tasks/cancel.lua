-- Ends a task that no worker holds, or marks one that a worker holds, in one step: no worker can take it in
-- between. Answers 'changed' where the log has grown since the failure was made of it.
--
-- A task that ends here leaves what BullMQ's own moveToFinished leaves, though its job need not be active:
-- its id in `failed`, `finishedOn` and `failedReason` in its hash, and the event. `atm` becomes the attempt
-- that the status showed last.
--
-- @include ../queue/task-index.lua
-- @import { CANCELLED_FIELD, EVENT_STREAM_LENGTH, FIRST_STARTED_FIELD } from '../queue/job.js'
-- @returns 'unknown' | 'finished' | 'held' | 'changed' | 'ended'

local job = KEYS[1] -- the task's job
local lock = KEYS[2] -- the worker's lock on it
local log = KEYS[3] -- the task's log
local cancelling = KEYS[4] -- running tasks that are to be stopped, by when that was requested
local failed = KEYS[5] -- jobs that have failed
local events = KEYS[6] -- BullMQ's stream of events
local stalled = KEYS[7] -- active jobs that may have lost their worker
local delayed = KEYS[8] -- jobs that wait for a time
local prioritized = KEYS[9] -- jobs that wait, by priority
local wait = KEYS[10] -- jobs that wait without a priority
local paused = KEYS[11] -- jobs that wait in a paused queue
local active = KEYS[12] -- jobs that workers have
local id = ARGV[1] -- the task's id
local now = tonumber(ARGV[2]) -- ms since the epoch
local failure = ARGV[3] -- the task's failure, as JSON
local seen = tonumber(ARGV[4]) -- how many entries of the log the failure was made of
local tellMs = tonumber(ARGV[5]) -- for how long workers are told to stop the task, ms
local root = ARGV[6] -- what all keys of the shard begin with

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
