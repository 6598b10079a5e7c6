-- Revokes an agent's tokens. Returns -1 for an unknown agent, 0 if it has no token, else 1.
--
-- @import { AGENT } from './agent-hash.js'
-- @returns -1 | 0 | 1

local agent = KEYS[1] -- the agent's hash
local prefix = ARGV[1] -- prefix of the tokens' keys

if redis.call('EXISTS', agent) == 0 then return -1 end
local found = 0
for _, hash in ipairs(redis.call('HMGET', agent, AGENT.tokenHash, AGENT.previousHash)) do
  if hash then redis.call('DEL', prefix .. hash) found = 1 end
end
redis.call('HDEL', agent, AGENT.tokenHash, AGENT.tokenHint, AGENT.tokenCreatedMs, AGENT.lastUsedMs,
  AGENT.previousHash, AGENT.previousExpiresMs)
return found
