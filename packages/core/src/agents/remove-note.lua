-- Removes a note of an agent. Returns whether there was one.
--
-- @returns 0 | 1

local notes = KEYS[1] -- the agent's notes by key
local order = KEYS[2] -- the keys in the order of their writing
local key = ARGV[1] -- the note's

redis.call('ZREM', order, key)
return redis.call('HDEL', notes, key)
