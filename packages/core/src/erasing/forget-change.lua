-- Forgets the change of an agent's retention, unless a later one came meanwhile.
--
-- @returns 0 | 1

local changes = KEYS[1] -- agents whose retention has changed, with what it has become
local id = ARGV[1] -- the agent's id
local change = ARGV[2] -- the change that was applied

if redis.call('HGET', changes, id) ~= change then return 0 end
return redis.call('HDEL', changes, id)
