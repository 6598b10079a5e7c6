-- Pins a list of tools where none is pinned. Returns the pin that holds then. Writes nothing without an
-- agent.
--
-- @returns string

local agent = KEYS[1] -- the agent's hash
local pins = KEYS[2] -- its pins by field
local pinned = KEYS[3] -- the definitions that are pinned, by field
local field = ARGV[1] -- which server's list
local pin = ARGV[2] -- the new pin, as JSON
local definitions = ARGV[3] -- the list, as JSON

local known = redis.call('HGET', pins, field)
if known or redis.call('EXISTS', agent) == 0 then return known or pin end
redis.call('HSET', pins, field, pin)
redis.call('HSET', pinned, field, definitions)
return pin
