-- Reads the state of a task: O(1) with any backlog, for known and unknown ids alike. BullMQ's own getState()
-- scans the waiting list.
--
-- @import { FIRST_STARTED_FIELD, OPTIONS_FIELD, WAITING_FIELD } from '../queue/job.js'

-- Fields of a job's hash and, last, its score in the delayed set, which has the jobs that wait for their next
-- attempt. `stateOf` in status.ts reads them in this order.
local function readState(job, delayed, id)
  local row = redis.call('HMGET', job, 'timestamp', 'finishedOn', 'returnvalue', 'failedReason', 'atm',
    OPTIONS_FIELD, FIRST_STARTED_FIELD, WAITING_FIELD)
  row[#row + 1] = row[1] and redis.call('ZSCORE', delayed, id) or false
  return row
end
