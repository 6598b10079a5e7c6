-- Takes bulk jobs that no process works on, or whose process has not been heard of for a while. Returns their
-- ids.
--
-- @include ../redis/clock.lua
-- @import { BULK } from './bulk-fields.js'
-- @returns string[]

local open = KEYS[1] -- unfinished jobs by when a process may take them
local prefix = ARGV[1] -- prefix of the jobs' hashes
local token = ARGV[2] -- names the caller
local most = ARGV[3] -- maximum number of jobs
local leaseMs = tonumber(ARGV[4]) -- how long they are the caller's, ms

local now = nowMs()
local taken = {}
for _, id in ipairs(redis.call('ZRANGE', open, '-inf', now, 'BYSCORE', 'LIMIT', 0, most)) do
  if redis.call('HEXISTS', prefix .. id, BULK.about) == 1 then
    redis.call('ZADD', open, now + leaseMs, id)
    redis.call('HSET', prefix .. id, BULK.runner, token)
    taken[#taken + 1] = id
  else
    redis.call('ZREM', open, id)
  end
end
return taken
