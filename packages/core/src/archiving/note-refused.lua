-- Notes that the archive refused a task, with when and why. It stays in Redis, and others are moved. Returns
-- whether that is new; 0 if another process moves the task now.
--
-- @returns 0 | 1

local moving = KEYS[1] -- tasks that are being moved, and the turn of the process that does it
local refused = KEYS[2] -- tasks that the archive refused
local id = ARGV[1] -- the task's id
local turn = ARGV[2] -- the number of this turn
local note = ARGV[3] -- when and why, as stored

if redis.call('HGET', moving, id) ~= turn then return 0 end
redis.call('HDEL', moving, id)
return redis.call('HSET', refused, id, note)
