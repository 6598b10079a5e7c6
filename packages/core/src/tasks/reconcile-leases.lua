-- Frees the places of tasks whose workers died, among some of an agent's leases, and calls parked tasks back
-- into all free places. Returns where to continue, or -1 after the last lease.
--
-- @include ./leases.lua
-- @returns number

local leases = KEYS[1] -- the agent's leases
local parked = KEYS[2] -- its parked tasks, by creation time
local parking = KEYS[3] -- agents with parked tasks
local delayed = KEYS[4] -- delayed jobs
local wait = KEYS[5] -- waiting jobs without a priority
local marker = KEYS[6] -- the key on which workers block
local agent = ARGV[1] -- the agent's id
local max = tonumber(ARGV[2]) -- how many of its tasks may run at once
local prefix = ARGV[3] -- prefix of the jobs' keys
local from = tonumber(ARGV[4]) -- how many of the oldest leases were looked at before

-- How many leases one call looks at.
local LOOKED_AT = 1000

local kept = dropDead(leases, prefix, from, LOOKED_AT)
callBack(agent, max, {
  leases = leases, parked = parked, parking = parking, delayed = delayed, wait = wait, marker = marker,
})
if from + kept >= redis.call('ZCARD', leases) then return -1 end
return from + kept
