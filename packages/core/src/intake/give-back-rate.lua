-- Gives back what one request took from an agent's rate. Returns whether there was anything.
--
-- @import { AGENT } from '../agents/agent-hash.js'
-- @returns 0 | 1

local agent = KEYS[1] -- the agent's hash
local shareMs = tonumber(ARGV[1]) -- how much of a minute one task takes, ms

local at = redis.call('HGET', agent, AGENT.rateFreeAt)
if not at then return 0 end
redis.call('HSET', agent, AGENT.rateFreeAt, string.format('%.3f', at - shareMs))
return 1
