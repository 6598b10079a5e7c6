-- Takes ends of tasks off the set for good and counts them, in one step: an end that was delivered twice
-- counts once. Durations, whose names begin with `d` (DURATION_FIELD), are counted by the hour alone.
--
-- @include ../redis/arguments.lua
-- @import { SUMMARY_FIELD } from '../queue/job.js'
-- @returns null

local ended = KEYS[1] -- tasks whose end is still to be delivered
local totals = KEYS[2] -- what counts for ever
local others = rest(KEYS, 3) -- the jobs of the tasks in their order, then counters of an hour
local ttl = ARGV[1] -- how long counters of an hour are kept, seconds
local ends = records(ARGV, 2, { -- the tasks
  'id', -- the task's id
  'summary', -- what lists show of its end, as JSON; '' where the task does not exist any more
  'ofAll', -- which of the other keys counts for all agents
  'ofAgent', -- which of the other keys counts for its agent
  'counters', -- what to add, by names, as JSON
})

local sums = {}
local function add(key, name, by)
  sums[key] = sums[key] or {}
  sums[key][name] = (sums[key][name] or 0) + by
end

for n, one in ipairs(ends) do
  if redis.call('ZREM', ended, one.id) == 1 and one.summary ~= '' then
    local job = others[n]
    if redis.call('EXISTS', job) == 1 then redis.call('HSET', job, SUMMARY_FIELD, one.summary) end
    for name, by in pairs(cjson.decode(one.counters)) do
      if string.sub(name, 1, 1) ~= 'd' then add(totals, name, by) end
      add(others[tonumber(one.ofAll)], name, by)
      add(others[tonumber(one.ofAgent)], name, by)
    end
  end
end
for key, counters in pairs(sums) do
  for name, by in pairs(counters) do redis.call('HINCRBY', key, name, string.format('%.0f', by)) end
  if key ~= totals then redis.call('EXPIRE', key, ttl) end
end
