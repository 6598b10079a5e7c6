-- Counts a death of the process that ran only this task. Returns the number of deaths; -1, without counting,
-- if the caller no longer holds the task.
--
-- @import { DEATHS_FIELD } from '../queue/job.js'
-- @returns number

local job = KEYS[1] -- the task's job
local lock = KEYS[2] -- the lock of the worker that runs it
local token = ARGV[1] -- the caller's lock token

if redis.call('GET', lock) ~= token then return -1 end
return redis.call('HINCRBY', job, DEATHS_FIELD, 1)
