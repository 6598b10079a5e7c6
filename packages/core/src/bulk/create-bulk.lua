-- Stores a new bulk job, and removes old ones that are finished. Returns 'stored'; 'full' if too many are
-- unfinished; for an idempotency key that has made a job before, that job's id, or 'reused' if its body was
-- another one.
--
-- @include ../redis/arguments.lua
-- @include ../redis/clock.lua
-- @import { BULK } from './bulk-fields.js'
-- @returns string

local job = KEYS[1] -- the job's hash
local items = KEYS[2] -- the ids that it handles
local jobs = KEYS[3] -- ids of all jobs by creation time
local open = KEYS[4] -- unfinished jobs by when a process may take them
local once = KEYS[5] -- the job that the idempotency key has made, and the hash of its body
local id = ARGV[1] -- the job's id
local now = tonumber(ARGV[2]) -- ms since the epoch
local about = ARGV[3] -- what to do, as JSON
local mostOpen = tonumber(ARGV[4]) -- how many jobs may be unfinished
local most = tonumber(ARGV[5]) -- how many jobs are kept
local oldest = tonumber(ARGV[6]) -- jobs that are older are removed, ms since the epoch
local prefix = ARGV[7] -- prefix of the jobs' hashes
local bodyHash = ARGV[8] -- the hash of the request's body; '' without an idempotency key
local onceSeconds = tonumber(ARGV[9]) -- how long the idempotency key counts, seconds
local given = rest(ARGV, 10) -- ids that were named one by one; none: it collects what matches

-- How many old jobs one call removes at most.
local MOST_REMOVED = 10

local earlier = bodyHash ~= '' and redis.call('GET', once)
if earlier then
  local made, hash = string.match(earlier, '^(%S+) (%S+)$')
  if made and redis.call('EXISTS', prefix .. made) == 1 then return hash == bodyHash and made or 'reused' end
end
if redis.call('ZCARD', open) >= mostOpen then return 'full' end
if bodyHash ~= '' then redis.call('SET', once, id .. ' ' .. bodyHash, 'EX', onceSeconds) end
local state = #given > 0 and 'running' or 'counting'
redis.call('HSET', job, BULK.about, about, BULK.state, state, BULK.total, #given)
for n = #given, 1, -1 do redis.call('RPUSH', items, given[n]) end
redis.call('ZADD', jobs, now, id)
redis.call('ZADD', open, nowMs(), id)
local surplus = redis.call('ZCARD', jobs) - most
for _, old in ipairs(redis.call('ZRANGE', jobs, 0, MOST_REMOVED - 1)) do
  local created = tonumber(redis.call('ZSCORE', jobs, old))
  if (created < oldest or surplus > 0) and not redis.call('ZSCORE', open, old) then
    redis.call('ZREM', jobs, old)
    redis.call('UNLINK', prefix .. old, prefix .. old .. ':items')
    surplus = surplus - 1
  end
end
return 'stored'
