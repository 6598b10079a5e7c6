-- Frees a task's place, unless another worker holds the task by now, and calls back the parked task that was
-- created first.
--
-- @include ./leases.lua
-- @returns null

local lock = KEYS[1] -- the worker's lock on the task's job
local leases = KEYS[2] -- the agent's leases
local parked = KEYS[3] -- its parked tasks, by the time of their creation
local parking = KEYS[4] -- agents with parked tasks
local delayed = KEYS[5] -- jobs that wait for a time
local wait = KEYS[6] -- jobs that wait without a priority
local marker = KEYS[7] -- what workers block on
local id = ARGV[1] -- the task's id
local token = ARGV[2] -- whose lock the caller had
local agent = ARGV[3] -- the agent's id
local max = tonumber(ARGV[4]) -- how many of its tasks may run

local owner = redis.call('GET', lock)
if owner and owner ~= token then return end
redis.call('ZREM', leases, id)
callBack(agent, max, {
  leases = leases, parked = parked, parking = parking, delayed = delayed, wait = wait, marker = marker,
})
