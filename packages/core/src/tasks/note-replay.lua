-- Notes the newest replay of a task at its origin, which keeps the latest ones. Returns whether the origin
-- still exists.
--
-- @import { REPLAYS_FIELD } from '../queue/job.js'
-- @returns 0 | 1

local job = KEYS[1] -- the origin's job
local replay = ARGV[1] -- the id of the new task

-- How many replays are kept, and how long an id is with the comma before it.
local KEPT, LENGTH = 10, 37

if redis.call('HEXISTS', job, 'timestamp') == 0 then return 0 end
local known = redis.call('HGET', job, REPLAYS_FIELD)
local all = known and known .. ',' .. replay or replay
redis.call('HSET', job, REPLAYS_FIELD, string.sub(all, -(LENGTH * KEPT - 1)))
return 1
