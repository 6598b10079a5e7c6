-- Stores a list of tools that differs from the pin, so that a person can review it.
--
-- @returns null

local pins = KEYS[1] -- the agent's pins by field
local seen = KEYS[2] -- lists that differ from the pin, by field
local field = ARGV[1] -- the field of the server's list
local seenField = ARGV[2] -- the field among the pins that holds the revision seen last
local revision = ARGV[3] -- the revision of the list
local list = ARGV[4] -- the list, as JSON

if redis.call('HEXISTS', pins, field) == 0 then return nil end
redis.call('HSET', pins, seenField, revision)
redis.call('HSET', seen, field, list)
return nil
