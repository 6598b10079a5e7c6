-- Parks a running task until one of its asks ends or expires. It holds no worker slot, no lock and no timer:
-- it is a delayed job that is due when the first ask expires. If one has ended since the run looked, the task
-- goes back to the front of the queue instead.
--
-- Returns 'lost' if another worker holds the task, and 'cancelled' if it is to be cancelled.
--
-- @include ../../redis/arguments.lua
-- @include ../../redis/clock.lua
-- @include ../../queue/asks.lua
-- @import { CANCELLED_FIELD, PARKED_FIELD } from '../../queue/job.js'
-- @import { DELAYED_SCORE_UNIT } from '../../queue/parked.js'
-- @returns 'parked' | 'resumed' | 'lost' | 'cancelled'

local job = KEYS[1] -- the task's job
local lock = KEYS[2] -- the worker's lock on it
local log = KEYS[3] -- the task's journal
local active = KEYS[4] -- jobs that workers hold
local stalled = KEYS[5] -- active jobs that may have lost their worker
local delayed = KEYS[6] -- delayed jobs
local wait = KEYS[7] -- waiting jobs without a priority
local marker = KEYS[8] -- the key on which workers block
local id = ARGV[1] -- the task's id
local token = ARGV[2] -- the caller's lock token
local ttl = tonumber(ARGV[3]) -- how long the journal is kept after the wait, seconds
local calls = rest(ARGV, 4) -- the ids of the asks that the run waits for

if redis.call('GET', lock) ~= token then return 'lost' end
if redis.call('HEXISTS', job, CANCELLED_FIELD) == 1 then return 'cancelled' end
local asks, open = asksOf(job), {}
local first, last = math.huge, 0
for _, ask in ipairs(asks) do open[ask.call] = ask.expires end
local goesOn = #calls == 0
for _, call in ipairs(calls) do
  local expires = open[call]
  if not expires then
    goesOn = true
    break
  end
  first, last = math.min(first, expires), math.max(last, expires)
end
redis.call('LREM', active, -1, id)
redis.call('DEL', lock)
redis.call('SREM', stalled, id)
-- BullMQ's count of how often the job lost its worker. It has survived until here.
redis.call('HDEL', job, 'stc')
if goesOn then
  redis.call('RPUSH', wait, id)
  redis.call('ZADD', marker, 0, '0')
  return 'resumed'
end
redis.call('EXPIRE', log, math.ceil(math.max(0, last - nowMs()) / 1000) + ttl)
redis.call('HSET', job, PARKED_FIELD, string.format('%.0f', first))
redis.call('ZADD', delayed, string.format('%.0f', first * DELAYED_SCORE_UNIT), id)
-- Workers sleep until the time of this marker: that of the first delayed job.
local next = redis.call('ZRANGE', delayed, 0, 0, 'WITHSCORES')
redis.call('ZADD', marker, string.format('%.0f', math.floor(next[2] / DELAYED_SCORE_UNIT)), '1')
return 'parked'
