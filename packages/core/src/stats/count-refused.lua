-- Counts requests to an agent's webhook that created no task. One script, because it runs for each of them.
--
-- @include ../redis/arguments.lua
-- @include ./named-counters.lua
-- @returns 1

local totals = KEYS[1] -- counters that only grow
local scopes = KEYS[2] -- agents that have counters
local ofAll = KEYS[3] -- this hour's counters of all agents
local ofAgent = KEYS[4] -- this hour's counters of the agent
local busy = KEYS[5] -- how often each agent was called today
local others = rest(KEYS, 6) -- this hour's counters by name, and names that have some
local agent = ARGV[1] -- the agent's id
local field = ARGV[2] -- the counter: why they created no task
local count = ARGV[3] -- number of requests
local ttl = ARGV[4] -- how long hourly counters are kept, seconds
local named = ARGV[5] -- the counters by name (named.ts), as JSON

redis.call('HINCRBY', totals, field, count)
redis.call('SADD', scopes, agent)
redis.call('ZINCRBY', busy, count, agent)
redis.call('EXPIRE', busy, ttl)
for _, stats in ipairs({ ofAll, ofAgent }) do
  redis.call('HINCRBY', stats, field, count)
  redis.call('EXPIRE', stats, ttl)
end
for _, one in ipairs(cjson.decode(named)) do
  local own = ownOrOther(others, one, ttl)
  redis.call('HINCRBY', own, field, count)
  redis.call('EXPIRE', own, ttl)
end
return 1
