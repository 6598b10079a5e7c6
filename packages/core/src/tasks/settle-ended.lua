-- Removes task ends from the outbox for good and counts them, in one step: an end that was delivered twice
-- counts once. Durations, whose names begin with `d` (DURATION_FIELD), are counted only per hour.
--
-- @include ../redis/arguments.lua
-- @include ../stats/named-counters.lua
-- @import { SUMMARY_FIELD } from '../queue/job.js'
-- @returns null

local ended = KEYS[1] -- the outbox: tasks whose end is still to be delivered
local totals = KEYS[2] -- counters that only grow
local expiring = KEYS[3] -- tasks with a retention of their own, by when it ends, ms
local emptying = KEYS[4] -- tasks whose texts are to be removed, by when, ms
local others = rest(KEYS, 5) -- the tasks' jobs in order, then hourly counters, and names that have some
local ttl = ARGV[1] -- how long hourly counters are kept, seconds
local ends = records(ARGV, 2, { -- the tasks
  'id', -- the task's id
  'summary', -- what lists show of its end, as JSON; '' if the task no longer exists
  'ofAll', -- the position in `others` of the counters of all agents
  'ofAgent', -- the position in `others` of its agent's counters
  'counters', -- the increments by name, as JSON
  'named', -- the counters by name (stats/named.ts), as JSON
  'expires', -- when its own retention ends, ms; '' if it has none
  'empties', -- when its first texts are removed, ms; '' if they are kept
})

local sums = {}
local function add(key, name, by)
  sums[key] = sums[key] or {}
  sums[key][name] = (sums[key][name] or 0) + by
end

for n, one in ipairs(ends) do
  if redis.call('ZREM', ended, one.id) == 1 and one.summary ~= '' then
    local job = others[n]
    if redis.call('EXISTS', job) == 1 then
      redis.call('HSET', job, SUMMARY_FIELD, one.summary)
      if one.expires ~= '' then redis.call('ZADD', expiring, one.expires, one.id) end
      if one.empties ~= '' then redis.call('ZADD', emptying, one.empties, one.id) end
    end
    local counters = cjson.decode(one.counters)
    for name, by in pairs(counters) do
      if string.sub(name, 1, 1) ~= 'd' then add(totals, name, by) end
      add(others[tonumber(one.ofAll)], name, by)
      add(others[tonumber(one.ofAgent)], name, by)
    end
    for _, named in ipairs(cjson.decode(one.named)) do
      local own = ownOrOther(others, named, ttl)
      for name, by in pairs(counters) do add(own, name, by) end
    end
  end
end
for key, counters in pairs(sums) do
  for name, by in pairs(counters) do redis.call('HINCRBY', key, name, string.format('%.0f', by)) end
  if key ~= totals then redis.call('EXPIRE', key, ttl) end
end
