-- Erases a delivery, whatever its state. Returns whether it existed.
--
-- @returns 0 | 1

local entry = KEYS[1] -- the delivery
local log = KEYS[2] -- its owner's deliveries by creation time
local pending = KEYS[3] -- number of pending deliveries by owner
local owner = ARGV[1] -- the id of the agent or the notify channel
local member = ARGV[2] -- the delivery's member of the log

local status = redis.call('HGET', entry, 'status')
if not status then return 0 end
if status == 'pending' and redis.call('HINCRBY', pending, owner, -1) <= 0 then
  redis.call('HDEL', pending, owner)
end
redis.call('ZREM', log, member)
redis.call('UNLINK', entry)
return 1
