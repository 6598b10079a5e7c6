-- An agent's leases are a sorted set of task ids. A lease is valid while BullMQ's lock on its job exists: the
-- worker renews that lock, and it expires when the worker dies. The lease of a task that was called back is
-- valid until its score, a time.
--
-- @include ../redis/clock.lua
-- @include ./parking.lua

-- How long a place is reserved for a task that was called back but has not started, in ms.
local RESERVED_MS = 30000
-- How many parked tasks one script calls back at most.
local MOST_CALLED = 1000

-- Removes leases of tasks whose workers died, among `many` leases after the `from` oldest. Returns how many
-- of them are left. `prefix` is the prefix of the jobs' keys.
local function dropDead(leases, prefix, from, many)
  local now = nowMs()
  local found = redis.call('ZRANGE', leases, from, from + many - 1, 'WITHSCORES')
  local kept = #found / 2
  for n = 1, #found, 2 do
    if tonumber(found[n + 1]) <= now and redis.call('EXISTS', prefix .. found[n] .. ':lock') == 0 then
      redis.call('ZREM', leases, found[n])
      kept = kept - 1
    end
  end
  return kept
end

-- Calls parked tasks of an agent back into its free places. `at` contains the keys by name.
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
