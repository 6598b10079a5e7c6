-- Reads the counters that exist, each with its position from 1 and its fields. For most agents, most hours
-- have none.
--
-- @include ../redis/arguments.lua
-- @returns [nth: number, row: string[]][]

local counters = rest(KEYS, 1) -- hourly counters

local found = {}
for nth, key in ipairs(counters) do
  local row = redis.call('HGETALL', key)
  if #row > 0 then found[#found + 1] = { nth, row } end
end
return found
