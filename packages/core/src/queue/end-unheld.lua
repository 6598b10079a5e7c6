-- Ends a task that no worker holds. It leaves the same data as BullMQ's moveToFinished, although its job need
-- not be active: its id in `failed`, `finishedOn` and `failedReason` in its hash, and the event.
--
-- @include ./task-index.lua
-- @import { CANCELLED_FIELD, EVENT_STREAM_LENGTH, FIRST_STARTED_FIELD } from './job.js'
-- @import { PLACES } from '../redis/keys.js'

-- Takes a task out of BullMQ's set that it waits in. Returns the set's name as in BullMQ's events; nil if it
-- is in none.
local function takeOut(prefix, id)
  if redis.call('ZREM', prefix .. 'delayed', id) == 1 then return 'delayed' end
  if redis.call('ZREM', prefix .. 'prioritized', id) == 1 then return 'prioritized' end
  if redis.call('LREM', prefix .. 'wait', 1, id) == 1 then return 'waiting' end
  if redis.call('LREM', prefix .. 'paused', 1, id) == 1 then return 'paused' end
  if redis.call('LREM', prefix .. 'active', 1, id) == 1 then return 'active' end
end

-- Ends a task with a failure, as JSON, after takeOut has returned `from`. `atm` becomes the attempt that the
-- status showed last.
local function endUnheld(root, prefix, id, from, now, failure)
  local job = prefix .. id
  redis.call('SREM', prefix .. 'stalled', id)
  redis.call('ZREM', root .. PLACES.cancelling, id)
  if redis.call('HEXISTS', job, FIRST_STARTED_FIELD) == 1 then
    local made = tonumber(redis.call('HGET', job, 'atm') or 0)
    if from ~= 'delayed' then made = made + 1 elseif made == 0 then made = 1 end
    redis.call('HSET', job, 'atm', made)
  end
  redis.call('HDEL', job, 'defa')
  redis.call('HSET', job, 'finishedOn', now, 'failedReason', failure)
  redis.call('ZADD', prefix .. 'failed', now, id)
  noteEnd(job, id, 'FAILURE', root)
  redis.call('XADD', prefix .. 'events', 'MAXLEN', '~', EVENT_STREAM_LENGTH, '*',
    'event', 'failed', 'jobId', id, 'prev', from)
end

-- Marks a task that a worker is to stop. Workers are told for `tellMs`.
local function markCancelled(root, prefix, id, now, tellMs)
  local cancelling = root .. PLACES.cancelling
  redis.call('HSETNX', prefix .. id, CANCELLED_FIELD, now)
  redis.call('ZREMRANGEBYSCORE', cancelling, '-inf', now - tellMs)
  redis.call('ZADD', cancelling, 'NX', now, id)
  redis.call('PEXPIRE', cancelling, tellMs)
end
