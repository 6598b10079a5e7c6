-- Removes a note of an agent. Returns whether it existed.
--
-- @returns 0 | 1

local notes = KEYS[1] -- the agent's notes by key
local order = KEYS[2] -- the notes' keys in the order of writing
local key = ARGV[1] -- the note's key

redis.call('ZREM', order, key)
return redis.call('HDEL', notes, key)
