-- Reads the state of a task: O(1) with any backlog, for known and unknown ids alike. BullMQ's own
-- getState() scans the waiting list.
--
-- @include ./why/why-waits.lua
-- @import { ASKS_FIELD, FIRST_STARTED_FIELD, OPTIONS_FIELD } from '../queue/job.js'

-- Fields of a job's hash, why the task waits, its score in the delayed set, which has the jobs that wait for
-- their next attempt, and the journal entry of the first ask that waits for a decision. `stateOf` in
-- status.ts reads them in this order.
local function readState(job, delayed, log, id)
  local row = redis.call('HMGET', job, 'timestamp', 'finishedOn', 'returnvalue', 'failedReason', 'atm',
    OPTIONS_FIELD, FIRST_STARTED_FIELD, ASKS_FIELD)
  local asks = row[8]
  row[9] = row[1] and redis.call('ZSCORE', delayed, id) or false
  row[8] = row[1] and whyWaits(job, id, row[9])
  local place = asks and string.match(asks, '^%S+ %d+ (%S+)')
  local entry = place and redis.call('XRANGE', log, place, place)[1]
  row[10] = entry and entry[2][2] or false
  return row
end
