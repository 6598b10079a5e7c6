-- Appends an ask to a task's journal, makes it visible in the task's status and in lists, and puts it into
-- the outbox, in one step. Otherwise like append-log.lua.
--
-- @include ../../redis/clock.lua
-- @include ../../queue/asks.lua
-- @returns 0 | 1

local log = KEYS[1] -- the task's journal
local lock = KEYS[2] -- the worker's lock on its job
local events = KEYS[3] -- BullMQ's event stream
local job = KEYS[4] -- the task's job
local asking = KEYS[5] -- all asks of the shard, by when they were asked
local asked = KEYS[6] -- the outbox: asks that are still to be told, by due time
local id = ARGV[1] -- the task's id
local token = ARGV[2] -- the caller's lock token
local ttl = ARGV[3] -- how long the journal is kept from now on, seconds
local known = tonumber(ARGV[4]) -- number of entries that the caller knows, without decisions
local call = ARGV[5] -- the call's id in URLs
local expires = tonumber(ARGV[6]) -- until when someone can decide, ms since the epoch
local kind = ARGV[7] -- what is asked for
local tool = ARGV[8] -- the tool's name
local entry = ARGV[9] -- the entry, as JSON

if redis.call('GET', lock) ~= token then return 0 end
local length = ownEntries(log, job)
if length ~= known then return length == known + 1 and 1 or 0 end
local asks = asksOf(job)
local place = appendEntries(log, events, id, { entry })
asks[#asks + 1] = { line = string.format('%s %.0f %s %s %s', call, expires, place, kind, tool) }
storeAsks(job, asks)
redis.call('ZADD', asking, nowMs(), id .. ' ' .. place)
redis.call('ZADD', asked, nowMs(), id .. ' ' .. place)
redis.call('EXPIRE', log, ttl)
return 1
