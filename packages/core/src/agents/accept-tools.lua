-- Pins the list that was seen last, if its revision is still the given one. Returns whether it did.
--
-- @returns 0 | 1

local pins = KEYS[1] -- the agent's pins by field
local pinned = KEYS[2] -- pinned definitions by field
local seen = KEYS[3] -- lists that differ from the pin, by field
local field = ARGV[1] -- the field of the server's list
local seenField = ARGV[2] -- the field among the pins that holds the revision seen last
local revision = ARGV[3] -- the revision of the list
local pin = ARGV[4] -- the new pin, as JSON
local definitions = ARGV[5] -- the list, as JSON

if redis.call('HGET', pins, seenField) ~= revision then return 0 end
redis.call('HSET', pins, field, pin)
redis.call('HSET', pinned, field, definitions)
redis.call('HDEL', pins, seenField)
redis.call('HDEL', seen, field)
return 1
