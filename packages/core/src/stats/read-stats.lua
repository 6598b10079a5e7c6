-- Those of some counters that exist, each with its number from 1 and its fields. Most hours of most agents
-- have none.
--
-- @include ../redis/arguments.lua
-- @returns [nth: number, row: string[]][]

local counters = rest(KEYS, 1) -- counters of an hour

local found = {}
for nth, key in ipairs(counters) do
  local row = redis.call('HGETALL', key)
  if #row > 0 then found[#found + 1] = { nth, row } end
end
return found
