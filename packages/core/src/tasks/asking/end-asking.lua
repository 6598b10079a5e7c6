-- Ends a task that waits for a decision and that no worker holds, in one step, so that nobody can decide in
-- between. Returns 'changed' if the journal has grown since the failure was built from it.
--
-- @include ../../queue/end-unheld.lua
-- @include ../../queue/asks.lua
-- @returns 'not_asking' | 'held' | 'changed' | 'ended'

local job = KEYS[1] -- the task's job
local lock = KEYS[2] -- the lock of the worker that runs it
local log = KEYS[3] -- the task's journal
local id = ARGV[1] -- the task's id
local now = tonumber(ARGV[2]) -- ms since the epoch
local failure = ARGV[3] -- the task's failure, as JSON
local seen = tonumber(ARGV[4]) -- number of journal entries that the failure was built from
local root = ARGV[5] -- prefix of all keys of the shard
local prefix = ARGV[6] -- prefix of the queue's keys

local row = redis.call('HMGET', job, 'timestamp', 'finishedOn')
if not row[1] or row[2] or #asksOf(job) == 0 then return 'not_asking' end
if redis.call('EXISTS', lock) == 1 then return 'held' end
if redis.call('XLEN', log) ~= seen then return 'changed' end
local from = takeOut(prefix, id)
if not from then return 'held' end
endUnheld(root, prefix, id, from, now, failure)
return 'ended'
