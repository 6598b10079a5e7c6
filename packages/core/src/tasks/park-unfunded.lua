-- Parks a running task until a budget allows more. It holds no worker slot: it is a delayed job, which is due
-- when the budget's day or month ends, and which is called back earlier if the budget is raised.
--
-- Returns 'lost' if another worker holds the task, and 'cancelled' if it is to be cancelled.
--
-- @include ../redis/clock.lua
-- @import { CANCELLED_FIELD, WAITING_FIELD } from '../queue/job.js'
-- @import { DELAYED_SCORE_UNIT } from '../queue/parked.js'
-- @returns 'parked' | 'lost' | 'cancelled'

local job = KEYS[1] -- the task's job
local lock = KEYS[2] -- the worker's lock on it
local log = KEYS[3] -- the task's journal
local active = KEYS[4] -- jobs that workers hold
local stalled = KEYS[5] -- active jobs that may have lost their worker
local delayed = KEYS[6] -- delayed jobs
local marker = KEYS[7] -- the key on which workers block
local unfunded = KEYS[8] -- tasks of the agent that wait for a budget, by creation time
local agents = KEYS[9] -- agents with such tasks
local id = ARGV[1] -- the task's id
local token = ARGV[2] -- the caller's lock token
local agent = ARGV[3] -- the agent's id
local created = ARGV[4] -- when the task was created, ms since the epoch
local delay = tonumber(ARGV[5]) -- how long it waits at most, ms
local waitsFor = ARGV[6] -- why, as JSON
local ttl = tonumber(ARGV[7]) -- how long the journal is kept after the wait, seconds
local called = ARGV[8] == '1' -- whether it is called back when the budget is raised

if redis.call('GET', lock) ~= token then return 'lost' end
if redis.call('HEXISTS', job, CANCELLED_FIELD) == 1 then return 'cancelled' end
redis.call('LREM', active, -1, id)
redis.call('DEL', lock)
redis.call('SREM', stalled, id)
-- BullMQ's count of how often the job lost its worker. It has survived until here.
redis.call('HDEL', job, 'stc')
redis.call('EXPIRE', log, math.ceil(delay / 1000) + ttl)
redis.call('HSET', job, WAITING_FIELD, waitsFor)
redis.call('ZADD', delayed, string.format('%.0f', math.floor(nowMs() + delay) * DELAYED_SCORE_UNIT), id)
if called then
  redis.call('ZADD', unfunded, created, id)
  redis.call('SADD', agents, agent)
end
-- Workers sleep until the time of this marker: that of the first delayed job.
local next = redis.call('ZRANGE', delayed, 0, 0, 'WITHSCORES')
redis.call('ZADD', marker, string.format('%.0f', math.floor(next[2] / DELAYED_SCORE_UNIT)), '1')
return 'parked'
