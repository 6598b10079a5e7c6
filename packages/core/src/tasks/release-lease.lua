-- Frees a task's place, unless another worker holds the task, and calls back the oldest parked task.
--
-- @include ./leases.lua
-- @returns null

local lock = KEYS[1] -- the lock of the task's worker
local leases = KEYS[2] -- the agent's leases
local parked = KEYS[3] -- its parked tasks, by creation time
local parking = KEYS[4] -- agents with parked tasks
local delayed = KEYS[5] -- delayed jobs
local wait = KEYS[6] -- waiting jobs without a priority
local marker = KEYS[7] -- the key on which workers block
local id = ARGV[1] -- the task's id
local token = ARGV[2] -- the caller's lock token
local agent = ARGV[3] -- the agent's id
local max = tonumber(ARGV[4]) -- how many of its tasks may run at once

local owner = redis.call('GET', lock)
if owner and owner ~= token then return end
redis.call('ZREM', leases, id)
callBack(agent, max, {
  leases = leases, parked = parked, parking = parking, delayed = delayed, wait = wait, marker = marker,
})
