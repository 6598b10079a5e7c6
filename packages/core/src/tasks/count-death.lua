-- Counts that the process died which ran a task alone. Returns how often that has happened; -1, and counts
-- nothing, where the task is not the caller's any more.
--
-- @import { DEATHS_FIELD } from '../queue/job.js'
-- @returns number

local job = KEYS[1] -- the task's job
local lock = KEYS[2] -- the worker's lock on it
local token = ARGV[1] -- whose lock the caller has

if redis.call('GET', lock) ~= token then return -1 end
return redis.call('HINCRBY', job, DEATHS_FIELD, 1)
