-- Calls back tasks that lost their workers into free places, oldest first.
--
-- @include ./parking.lua
-- @returns null

local parked = KEYS[1] -- tasks that wait for such a place, by creation time
local delayed = KEYS[2] -- delayed jobs
local wait = KEYS[3] -- waiting jobs without a priority
local marker = KEYS[4] -- the key on which workers block
local many = tonumber(ARGV[1]) -- number of free places

for _ = 1, many do
  if not callFirst(parked, delayed, wait, marker) then return end
end
