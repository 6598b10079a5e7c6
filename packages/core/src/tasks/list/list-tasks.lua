-- The first places of each of some sets, between two times and after a place: id, time, id, time, … Skips
-- tasks of the same ms that may have been shown already. Reads all sets in one step, because tasks move
-- between them.
--
-- @include ../../redis/arguments.lua
-- @returns string[]

local sets = rest(KEYS, 1) -- the index: tasks by creation time, ms
local newest = ARGV[1] -- the latest creation time, ms since the epoch
local oldest = ARGV[2] -- the earliest creation time, ms since the epoch
local afterMs = ARGV[3] -- the time of the place to continue after; '' for none
local afterId = ARGV[4] -- the id of the place to continue after; '' for none
local count = tonumber(ARGV[5]) -- number of places from each set

local found = {}
for _, set in ipairs(sets) do
  local taken, offset = 0, 0
  repeat
    local rows = redis.call('ZREVRANGEBYSCORE', set, newest, oldest, 'WITHSCORES', 'LIMIT', offset, count)
    for n = 1, #rows, 2 do
      if taken < count and (rows[n + 1] ~= afterMs or rows[n] < afterId) then
        found[#found + 1] = rows[n]
        found[#found + 1] = rows[n + 1]
        taken = taken + 1
      end
    end
    offset = offset + count
  until taken == count or #rows < 2 * count
end
return found
