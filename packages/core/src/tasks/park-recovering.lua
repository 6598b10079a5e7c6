-- Parks a task that lost its worker until a place is free. Does nothing if another worker holds the task.
--
-- @include ./parking.lua
-- @returns null

local job = KEYS[1] -- the task's job
local lock = KEYS[2] -- the lock of the worker that runs it
local active = KEYS[3] -- jobs that workers hold
local stalled = KEYS[4] -- active jobs that may have lost their worker
local delayed = KEYS[5] -- delayed jobs
local parked = KEYS[6] -- tasks that wait for such a place, by creation time
local id = ARGV[1] -- the task's id
local token = ARGV[2] -- the caller's lock token
local created = ARGV[3] -- when the task was created, ms since the epoch

if redis.call('GET', lock) ~= token then return end
putAside(id, job, lock, active, stalled, delayed)
redis.call('ZADD', parked, created, id)
