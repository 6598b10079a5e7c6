-- Records a task that was made from another one there, and keeps the latest ones. Returns whether the other
-- task still exists.
--
-- @returns 0 | 1

local job = KEYS[1] -- the other task's job
local field = ARGV[1] -- the field that lists such tasks
local id = ARGV[2] -- the new task's id

-- How many are kept, and the length of an id with its comma.
local KEPT, LENGTH = 10, 37

if redis.call('HEXISTS', job, 'timestamp') == 0 then return 0 end
local known = redis.call('HGET', job, field)
local all = known and known .. ',' .. id or id
redis.call('HSET', job, field, string.sub(all, -(LENGTH * KEPT - 1)))
return 1
