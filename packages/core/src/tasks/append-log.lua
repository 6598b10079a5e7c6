-- Appends to a task's journal, only while the caller holds the job's lock: a worker that was considered dead
-- must not write into a run that continues elsewhere. Also requires that the journal has the length that the
-- caller expects. A command whose answer was lost with the connection is sent again, and a duplicate turn
-- would repeat its tool calls in the next attempt. Returns 0, and writes nothing, if another worker holds the
-- lock or the journal contains other entries.
--
-- @include ../redis/arguments.lua
-- @include ../queue/asks.lua
-- @returns 0 | 1

local log = KEYS[1] -- the task's journal
local lock = KEYS[2] -- the worker's lock on its job
local events = KEYS[3] -- BullMQ's event stream
local job = KEYS[4] -- the task's job
local id = ARGV[1] -- the task's id
local token = ARGV[2] -- the caller's lock token
local ttl = ARGV[3] -- how long the journal is kept from now on, seconds
local known = tonumber(ARGV[4]) -- number of entries that the caller knows, without decisions
local hasPassed = ARGV[5] == '1' -- whether the task has passed the step at which its last worker died
local entries = rest(ARGV, 6) -- the entries to append, as JSON

if redis.call('GET', lock) ~= token then return 0 end
local length = ownEntries(log, job)
if length ~= known then return length == known + #entries and 1 or 0 end
-- BullMQ's count of how often the job lost its worker.
if hasPassed then redis.call('HDEL', job, 'stc') end
appendEntries(log, events, id, entries)
redis.call('EXPIRE', log, ttl)
return 1
