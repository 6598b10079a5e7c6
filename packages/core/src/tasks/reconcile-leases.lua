-- Frees the places of tasks whose workers died, and calls parked tasks back into all that are free.
--
-- @include ./leases.lua
-- @returns null

local leases = KEYS[1] -- the agent's leases
local parked = KEYS[2] -- its parked tasks, by the time of their creation
local parking = KEYS[3] -- agents with parked tasks
local delayed = KEYS[4] -- jobs that wait for a time
local wait = KEYS[5] -- jobs that wait without a priority
local marker = KEYS[6] -- what workers block on
local agent = ARGV[1] -- the agent's id
local max = tonumber(ARGV[2]) -- how many of its tasks may run
local prefix = ARGV[3] -- what the keys of jobs begin with

dropDead(leases, prefix, 1000)
callBack(agent, max, {
  leases = leases, parked = parked, parking = parking, delayed = delayed, wait = wait, marker = marker,
})
