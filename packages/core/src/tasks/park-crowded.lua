-- Parks a task whose agent holds its share of a worker's slots. Does nothing if another worker holds the
-- task.
--
-- @include ./parking.lua
-- @import { WAITING_FIELD } from '../queue/job.js'
-- @returns null

local job = KEYS[1] -- the task's job
local lock = KEYS[2] -- the lock of the worker that took it
local active = KEYS[3] -- jobs that workers hold
local stalled = KEYS[4] -- active jobs that may have lost their worker
local delayed = KEYS[5] -- delayed jobs
local crowded = KEYS[6] -- tasks that wait for their agent's share, by turn
local id = ARGV[1] -- the task's id
local token = ARGV[2] -- the caller's lock token
local wait = ARGV[3] -- why it waits, as JSON

if redis.call('GET', lock) ~= token then return end
putAside(id, job, lock, active, stalled, delayed)
redis.call('HSET', job, WAITING_FIELD, wait)
-- Agents take turns here as they do in the queue (turns.lua).
redis.call('ZADD', crowded, tonumber(redis.call('HGET', job, 'priority') or 0), id)
