-- The first places of each of some sets, between two times and after a place: id, time, id, time, … Tasks of
-- the very ms of that place may have been shown: those are passed over. All sets in one step, as tasks move
-- between them.
--
-- @include ../../redis/arguments.lua
-- @returns string[]

local sets = rest(KEYS, 1) -- the index: tasks by the time of their creation, in ms
local newest = ARGV[1] -- no task that was created later, ms since the epoch
local oldest = ARGV[2] -- no task that was created earlier, ms since the epoch
local afterMs = ARGV[3] -- the time of the place; '' for none
local afterId = ARGV[4] -- the id of the place; '' for none
local count = tonumber(ARGV[5]) -- how many places of each set

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
