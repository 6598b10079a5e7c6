-- An agent's leases are a sorted set of task ids. A lease holds while BullMQ's lock on its job exists, which
-- a worker renews and which ends by itself when the worker dies. The lease of a task that was called back
-- holds until its score, a time.
--
-- @include ../redis/clock.lua
-- @include ./parking.lua

-- How long a place is kept for a parked task that was called back and has not started yet, in ms.
local RESERVED_MS = 30000
-- How many parked tasks one script calls back at most.
local MOST_CALLED = 1000

-- Drops leases of tasks whose workers died, among the oldest ones. `prefix` is what the keys of jobs begin
-- with.
local function dropDead(leases, prefix, many)
  local now = nowMs()
  local found = redis.call('ZRANGE', leases, 0, many - 1, 'WITHSCORES')
  for n = 1, #found, 2 do
    if tonumber(found[n + 1]) <= now and redis.call('EXISTS', prefix .. found[n] .. ':lock') == 0 then
      redis.call('ZREM', leases, found[n])
    end
  end
end

-- Calls parked tasks of an agent back into its free places. `at` has the keys that this needs by their names.
local function callBack(agent, max, at)
  local reserved = nowMs() + RESERVED_MS
  local free = max - redis.call('ZCARD', at.leases)
  for _ = 1, MOST_CALLED do
    if free <= 0 then return end
    local id = callFirst(at.parked, at.delayed, at.wait, at.marker)
    if not id then
      redis.call('ZREM', at.parking, agent)
      return
    end
    redis.call('ZADD', at.leases, reserved, id)
    free = free - 1
  end
end
