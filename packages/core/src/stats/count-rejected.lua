-- Counts refused posts of an agent's webhook. One command, because it is sent for every refused post.
--
-- @returns 1

local totals = KEYS[1] -- what counts for ever
local scopes = KEYS[2] -- agents that have counters
local ofAll = KEYS[3] -- counters of this hour, of all agents
local ofAgent = KEYS[4] -- counters of this hour, of the agent
local agent = ARGV[1] -- the agent's id
local count = ARGV[2] -- how many posts
local ttl = ARGV[3] -- how long counters of an hour are kept, seconds

redis.call('HINCRBY', totals, 'rejected', count)
redis.call('SADD', scopes, agent)
for _, stats in ipairs({ ofAll, ofAgent }) do
  redis.call('HINCRBY', stats, 'rejected', count)
  redis.call('EXPIRE', stats, ttl)
end
return 1
