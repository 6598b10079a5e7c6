-- How a bulk job that has handled all its items ends.
--
-- @import { BULK } from './bulk-fields.js'

local function finishBulk(job, items, open, id, state, now)
  redis.call('HSET', job, BULK.state, state, BULK.finished, now)
  redis.call('HDEL', job, BULK.runner, BULK.waits, BULK.made, BULK.cursor)
  redis.call('ZREM', open, id)
  return state
end
