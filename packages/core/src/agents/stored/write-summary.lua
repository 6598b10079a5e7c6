-- Stores the summary of an agent, unless the agent has changed meanwhile. Returns whether it was stored.
--
-- @import { AGENT } from '../agent-hash.js'
-- @returns 0 | 1

local agent = KEYS[1] -- the agent's hash
local version = ARGV[1] -- the version that the summary describes
local summary = ARGV[2] -- the summary, as JSON

if redis.call('HGET', agent, AGENT.version) ~= version then return 0 end
redis.call('HSET', agent, AGENT.summary, summary)
return 1
