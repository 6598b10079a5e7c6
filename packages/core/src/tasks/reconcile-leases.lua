-- Frees the places of tasks whose workers died, and calls parked tasks back into all free places.
--
-- @include ./leases.lua
-- @returns null

local leases = KEYS[1] -- the agent's leases
local parked = KEYS[2] -- its parked tasks, by creation time
local parking = KEYS[3] -- agents with parked tasks
local delayed = KEYS[4] -- delayed jobs
local wait = KEYS[5] -- waiting jobs without a priority
local marker = KEYS[6] -- the key on which workers block
local agent = ARGV[1] -- the agent's id
local max = tonumber(ARGV[2]) -- how many of its tasks may run at once
local prefix = ARGV[3] -- prefix of the jobs' keys

dropDead(leases, prefix, 1000)
callBack(agent, max, {
  leases = leases, parked = parked, parking = parking, delayed = delayed, wait = wait, marker = marker,
})
