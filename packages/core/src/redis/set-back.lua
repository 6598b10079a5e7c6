-- What waits for a time of Redis's clock, after that clock was set back. Without this, it would wait longer,
-- by as much as the clock was set back: retries, bursts, and the locks and turns of dead processes.
--
-- @include ./clock.lua
-- @import { PARKED_UNTIL_MS } from '../queue/parked.js'

-- How many entries of a set are moved at most: the first ones. The others wait longer, so that Redis is not
-- blocked.
local MOST_MOVED = 100000

-- Notes the time. Returns it, and how far the clock was set back since the last note, ms; 0 if by less than
-- `least`.
local function noteTime(clock, least)
  local now = nowMs()
  local before = tonumber(redis.call('GET', clock)) or 0
  redis.call('SET', clock, string.format('%.0f', now))
  return now, before - now >= least and before - now or 0
end

-- Moves due times of a sorted set back, at most to now: also those stored in the seconds since the clock was
-- set back, which come too early. `unit` is one ms in the set's scores.
local function moveDue(set, unit, now, back)
  local from = '(' .. string.format('%.0f', now * unit)
  local to = '(' .. string.format('%.0f', PARKED_UNTIL_MS * unit)
  local found = redis.call('ZRANGEBYSCORE', set, from, to, 'WITHSCORES', 'LIMIT', 0, MOST_MOVED)
  for n = 1, #found, 2 do
    local due = math.max(now * unit, tonumber(found[n + 1]) - back * unit)
    redis.call('ZADD', set, 'XX', string.format('%.0f', due), found[n])
  end
end

-- Moves the end of a key that expires back. One that was set since the clock was set back stays, if it lasts
-- for less than `back`.
local function moveEnd(key, back)
  local left = redis.call('PTTL', key)
  if left > back then redis.call('PEXPIRE', key, left - back) end
end
