-- Notes Redis's time. If the clock was set back, moves what waits in the keys of a shard along with it, and
-- the ends of locks, so that those of dead workers do not last longer. Returns how far the clock was set
-- back, ms.
--
-- @include ./arguments.lua
-- @include ./set-back.lua
-- @import { DELAYED_SCORE_UNIT } from '../queue/parked.js'
-- @returns number

-- How long a lock lasts at most: TASK_LOCK_SECONDS.
local MOST_LOCK_MS = 300000

local clock = KEYS[1] -- the time of the last note
local outboxes = rest(KEYS, 2) -- what is still to be told or removed, by due time
local least = tonumber(ARGV[1]) -- how far a clock must be set back to count, ms
local queues = rest(ARGV, 2) -- prefixes of the queues' keys

local now, back = noteTime(clock, least)
if back == 0 then return 0 end
for _, outbox in ipairs(outboxes) do moveDue(outbox, 1, now, back) end
for _, queue in ipairs(queues) do
  moveDue(queue .. 'delayed', DELAYED_SCORE_UNIT, now, back)
  moveEnd(queue .. 'stalled-check', back)
  -- A lock that may have been set since then stays: its worker may live.
  if back >= MOST_LOCK_MS then
    local active = redis.call('LRANGE', queue .. 'active', 0, -1)
    for _, id in ipairs(active) do moveEnd(queue .. id .. ':lock', back) end
  end
  redis.call('ZADD', queue .. 'marker', 0, '0')
end
return back
