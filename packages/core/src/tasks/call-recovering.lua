-- Calls back tasks that lost their workers, those that were created first, into places that are free.
--
-- @include ./parking.lua
-- @returns null

local parked = KEYS[1] -- tasks that wait for such a place, by the time of their creation
local delayed = KEYS[2] -- jobs that wait for a time
local wait = KEYS[3] -- jobs that wait without a priority
local marker = KEYS[4] -- what workers block on
local many = tonumber(ARGV[1]) -- how many places are free

for _ = 1, many do
  if not callFirst(parked, delayed, wait, marker) then return end
end
