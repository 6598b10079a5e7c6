-- The small fields of jobs, whether each has a result, its score in the delayed set, and why it waits.
--
-- @include ../../redis/arguments.lua
-- @include ../why/why-waits.lua
-- @import { ASKS_FIELD, FIRST_STARTED_FIELD, OPTIONS_FIELD, SUMMARY_FIELD } from '../../queue/job.js'
-- @returns [fields: (string | null)[], hasResult: 0 | 1, delayed: string | null, why: string | null][]

local delayed = KEYS[1] -- delayed jobs
local jobs = rest(KEYS, 2) -- the tasks' jobs
local ids = rest(ARGV, 1) -- the tasks' ids, in the order of the jobs

local rows = {}
for n, job in ipairs(jobs) do
  local fields = redis.call('HMGET', job, 'timestamp', OPTIONS_FIELD, FIRST_STARTED_FIELD, 'finishedOn',
    'atm', SUMMARY_FIELD, ASKS_FIELD)
  local score = redis.call('ZSCORE', delayed, ids[n])
  rows[n] = { fields, redis.call('HEXISTS', job, 'returnvalue'), score, whyWaits(job, ids[n], score) }
end
return rows
