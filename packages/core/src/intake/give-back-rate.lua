-- Gives one request back to an agent's rate. Returns whether the agent had used any.
--
-- @import { AGENT } from '../agents/agent-hash.js'
-- @returns 0 | 1

local agent = KEYS[1] -- the agent's hash
local shareMs = tonumber(ARGV[1]) -- the share of a minute that one task uses, ms

local at = redis.call('HGET', agent, AGENT.rateFreeAt)
if not at then return 0 end
redis.call('HSET', agent, AGENT.rateFreeAt, string.format('%.3f', at - shareMs))
return 1
