-- Revokes an agent's token from before the last rotation. Returns -1 for an unknown agent, 0 if there is no
-- such token, else 1.
--
-- @import { AGENT } from './agent-hash.js'
-- @returns -1 | 0 | 1

local agent = KEYS[1] -- the agent's hash
local prefix = ARGV[1] -- prefix of the tokens' keys

if redis.call('EXISTS', agent) == 0 then return -1 end
local hash = redis.call('HGET', agent, AGENT.previousHash)
if not hash then return 0 end
redis.call('DEL', prefix .. hash)
redis.call('HDEL', agent, AGENT.previousHash, AGENT.previousExpiresMs)
return 1
