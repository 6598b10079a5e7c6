-- Puts a task that lost its worker aside until there is a place to run it. A task that is another worker's is
-- left as it is.
--
-- @include ./parking.lua
-- @returns null

local job = KEYS[1] -- the task's job
local lock = KEYS[2] -- the worker's lock on it
local active = KEYS[3] -- jobs that workers have
local stalled = KEYS[4] -- active jobs that may have lost their worker
local delayed = KEYS[5] -- jobs that wait for a time
local parked = KEYS[6] -- tasks that wait for such a place, by the time of their creation
local id = ARGV[1] -- the task's id
local token = ARGV[2] -- whose lock the caller has
local created = ARGV[3] -- when the task was created, ms since the epoch

if redis.call('GET', lock) ~= token then return end
putAside(id, job, lock, active, stalled, delayed)
redis.call('ZADD', parked, created, id)
