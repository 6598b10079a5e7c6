-- Ends a task that no worker holds, or marks one that a worker holds, in one step, so that no worker can take
-- it in between. Returns 'changed' if the journal has grown since the failure was built from it.
--
-- @include ../queue/end-unheld.lua
-- @returns 'unknown' | 'finished' | 'held' | 'changed' | 'ended'

local job = KEYS[1] -- the task's job
local lock = KEYS[2] -- the lock of the worker that runs it
local log = KEYS[3] -- the task's journal
local cancelling = KEYS[4] -- running tasks that are to be stopped, by when that was requested
local id = ARGV[1] -- the task's id
local now = tonumber(ARGV[2]) -- ms since the epoch
local failure = ARGV[3] -- the task's failure, as JSON
local seen = tonumber(ARGV[4]) -- number of journal entries that the failure was built from
local tellMs = tonumber(ARGV[5]) -- how long workers are told to stop the task, ms
local root = ARGV[6] -- prefix of all keys of the shard
local prefix = ARGV[7] -- prefix of the queue's keys

local row = redis.call('HMGET', job, 'timestamp', 'finishedOn')
if not row[1] then return 'unknown' end
if row[2] then
  redis.call('ZREM', cancelling, id)
  return 'finished'
end
local held = redis.call('EXISTS', lock) == 1
if not held and redis.call('XLEN', log) ~= seen then return 'changed' end
local from = not held and takeOut(prefix, id)
if not from then
  markCancelled(root, prefix, id, now, tellMs)
  return 'held'
end
endUnheld(root, prefix, id, from, now, failure)
return 'ended'
