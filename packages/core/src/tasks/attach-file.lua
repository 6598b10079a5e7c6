-- Stores a file that a run of a task has fetched, only while the caller holds the lock of its job. The same
-- call again changes nothing. Returns 0, and stores nothing, if another worker holds the lock.
--
-- @import { ATTACHED_FIELD } from '../queue/job.js'
-- @returns 0 | 1

local job = KEYS[1] -- the task's job
local lock = KEYS[2] -- the worker's lock on its job
local files = KEYS[3] -- the task's files
local token = ARGV[1] -- the caller's lock token
local before = tonumber(ARGV[2]) -- how many files in Redis precede it
local attached = ARGV[3] -- what is known of all fetched files, as JSON
local content = ARGV[4] -- its bytes; '' if they are elsewhere

if redis.call('GET', lock) ~= token then return 0 end
if before == 0 then
  redis.call('DEL', files)
else
  redis.call('LTRIM', files, 0, before - 1)
end
if content ~= '' then redis.call('RPUSH', files, content) end
redis.call('HSET', job, ATTACHED_FIELD, attached)
return 1
