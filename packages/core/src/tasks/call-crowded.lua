-- Calls back tasks that waited for their agent's share, in turn. Returns how many.
--
-- @include ./parking.lua
-- @returns number

local crowded = KEYS[1] -- tasks that wait for their agent's share, by turn
local delayed = KEYS[2] -- delayed jobs
local wait = KEYS[3] -- waiting jobs without a priority
local marker = KEYS[4] -- the key on which workers block
local many = tonumber(ARGV[1]) -- how many are called at most

for called = 0, many - 1 do
  if not callFirst(crowded, delayed, wait, marker) then return called end
end
return many
