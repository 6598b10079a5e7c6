-- Pins a list of tools unless one is pinned already. Returns the pin that applies. Writes nothing for an
-- unknown agent.
--
-- @returns string

local agent = KEYS[1] -- the agent's hash
local pins = KEYS[2] -- its pins by field
local pinned = KEYS[3] -- pinned definitions by field
local field = ARGV[1] -- the field of the server's list
local pin = ARGV[2] -- the new pin, as JSON
local definitions = ARGV[3] -- the list, as JSON

local known = redis.call('HGET', pins, field)
if known or redis.call('EXISTS', agent) == 0 then return known or pin end
redis.call('HSET', pins, field, pin)
redis.call('HSET', pinned, field, definitions)
return pin
