-- Lets another process go on with a bulk job.
--
-- @include ../redis/clock.lua
-- @import { BULK } from './bulk-fields.js'
-- @returns 0 | 1

local job = KEYS[1] -- the job's hash
local open = KEYS[2] -- unfinished jobs by when a process may take them
local id = ARGV[1] -- the job's id
local token = ARGV[2] -- names the caller
local waits = ARGV[3] -- why it makes no progress; '' if it does
local restMs = tonumber(ARGV[4]) -- how long nobody goes on with it, ms

if redis.call('HGET', job, BULK.runner) ~= token then return 0 end
redis.call('HDEL', job, BULK.runner)
if waits == '' then redis.call('HDEL', job, BULK.waits) else redis.call('HSET', job, BULK.waits, waits) end
return redis.call('ZADD', open, 'XX', 'CH', nowMs() + restMs, id)
