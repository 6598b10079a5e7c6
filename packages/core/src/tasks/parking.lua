-- Tasks that are parked until they are called back. BullMQ's moveToDelayed would count a start, and would
-- show callers when the task continues.
--
-- @import { FIRST_STARTED_FIELD } from '../queue/job.js'
-- @import { DELAYED_SCORE_UNIT, PARKED_UNTIL_MS } from '../queue/parked.js'

-- Parks a running task as though no worker had taken it.
local function putAside(id, job, lock, active, stalled, delayed)
  redis.call('LREM', active, -1, id)
  redis.call('DEL', lock)
  redis.call('SREM', stalled, id)
  redis.call('HINCRBY', job, 'ats', -1)
  if redis.call('HEXISTS', job, FIRST_STARTED_FIELD) == 0 then redis.call('HDEL', job, 'processedOn') end
  redis.call('ZADD', delayed, PARKED_UNTIL_MS * DELAYED_SCORE_UNIT, id)
end

-- Calls back the first of a sorted set of parked tasks, to the front of the queue. Returns its id, or nil.
local function callFirst(parked, delayed, wait, marker)
  while true do
    local id = redis.call('ZPOPMIN', parked)[1]
    if not id then return nil end
    if redis.call('ZREM', delayed, id) == 1 then
      redis.call('RPUSH', wait, id)
      redis.call('ZADD', marker, 0, '0')
      return id
    end
  end
end
