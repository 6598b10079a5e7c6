-- Counts refused requests to an agent's webhook. One script, because it runs for every refused request.
--
-- @returns 1

local totals = KEYS[1] -- counters that only grow
local scopes = KEYS[2] -- agents that have counters
local ofAll = KEYS[3] -- this hour's counters of all agents
local ofAgent = KEYS[4] -- this hour's counters of the agent
local agent = ARGV[1] -- the agent's id
local count = ARGV[2] -- number of requests
local ttl = ARGV[3] -- how long hourly counters are kept, seconds

redis.call('HINCRBY', totals, 'rejected', count)
redis.call('SADD', scopes, agent)
for _, stats in ipairs({ ofAll, ofAgent }) do
  redis.call('HINCRBY', stats, 'rejected', count)
  redis.call('EXPIRE', stats, ttl)
end
return 1
