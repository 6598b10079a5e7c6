-- Records a task's newest replay, and keeps the latest ones. Returns whether the original task still exists.
--
-- @import { REPLAYS_FIELD } from '../queue/job.js'
-- @returns 0 | 1

local job = KEYS[1] -- the original task's job
local replay = ARGV[1] -- the new task's id

-- How many replays are kept, and the length of an id with its comma.
local KEPT, LENGTH = 10, 37

if redis.call('HEXISTS', job, 'timestamp') == 0 then return 0 end
local known = redis.call('HGET', job, REPLAYS_FIELD)
local all = known and known .. ',' .. replay or replay
redis.call('HSET', job, REPLAYS_FIELD, string.sub(all, -(LENGTH * KEPT - 1)))
return 1
