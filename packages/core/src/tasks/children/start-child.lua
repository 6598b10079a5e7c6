-- Appends the beginning of a call of an agent to a task's journal, and notes the child that it waits for
-- from now on, in one step. Otherwise like append-log.lua.
--
-- @include ../../queue/asks.lua
-- @import { CHILDREN_FIELD } from '../../queue/job.js'
-- @returns 0 | 1

local log = KEYS[1] -- the task's journal
local lock = KEYS[2] -- the worker's lock on its job
local events = KEYS[3] -- BullMQ's event stream
local job = KEYS[4] -- the task's job
local id = ARGV[1] -- the task's id
local token = ARGV[2] -- the caller's lock token
local ttl = ARGV[3] -- how long the journal is kept from now on, seconds
local known = tonumber(ARGV[4]) -- number of entries that the caller knows, without decisions
local child = ARGV[5] -- the child's id
local expires = tonumber(ARGV[6]) -- until when the task waits for it, ms since the epoch
local tool = ARGV[7] -- the tool's name
local entry = ARGV[8] -- the entry, as JSON

if redis.call('GET', lock) ~= token then return 0 end
local length = ownEntries(log, job)
if length ~= known then return length == known + 1 and 1 or 0 end
local asks = asksOf(job)
local place = appendEntries(log, events, id, { entry })
asks[#asks + 1] = { line = string.format('%s %.0f %s agent %s', child, expires, place, tool) }
storeAsks(job, asks)
local before = redis.call('HGET', job, CHILDREN_FIELD)
redis.call('HSET', job, CHILDREN_FIELD, before and before .. ' ' .. child or child)
redis.call('EXPIRE', log, ttl)
return 1
