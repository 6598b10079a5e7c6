-- The small fields of jobs, whether each has a result, and its score in the delayed set.
--
-- @include ../../redis/arguments.lua
-- @import { FIRST_STARTED_FIELD, OPTIONS_FIELD, SUMMARY_FIELD, WAITING_FIELD } from '../../queue/job.js'
-- @import { ASKS_FIELD } from '../../queue/job.js'
-- @returns [fields: (string | null)[], hasResult: 0 | 1, delayed: string | null][]

local delayed = KEYS[1] -- delayed jobs
local jobs = rest(KEYS, 2) -- the tasks' jobs
local ids = rest(ARGV, 1) -- the tasks' ids, in the order of the jobs

local rows = {}
for n, job in ipairs(jobs) do
  local fields = redis.call('HMGET', job, 'timestamp', OPTIONS_FIELD, FIRST_STARTED_FIELD, 'finishedOn',
    'atm', SUMMARY_FIELD, WAITING_FIELD, ASKS_FIELD)
  rows[n] = { fields, redis.call('HEXISTS', job, 'returnvalue'), redis.call('ZSCORE', delayed, ids[n]) }
end
return rows
