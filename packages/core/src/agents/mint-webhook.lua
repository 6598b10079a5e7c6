-- Gives an agent a new token. The previous one stays valid for a while; older ones do not. Returns -1 for an
-- unknown agent, -2 if the token is valid already, 0 if no previous token stays valid, else 1.
--
-- @import { AGENT } from './agent-hash.js'
-- @returns -1 | -2 | 0 | 1

local agent = KEYS[1] -- the agent's hash
local token = KEYS[2] -- the new token's key, which holds the agent's id
local id = ARGV[1] -- the agent's id
local hash = ARGV[2] -- the new token's hash
local hint = ARGV[3] -- the part of the new token that is shown
local now = ARGV[4] -- ms since the epoch
local overlapMs = tonumber(ARGV[5]) -- how long the previous token stays valid, ms; 0: it ends now
local expiresMs = ARGV[6] -- when the previous token ends, ms since the epoch
local prefix = ARGV[7] -- prefix of the tokens' keys

if redis.call('EXISTS', agent) == 0 then return -1 end
if redis.call('EXISTS', token) == 1 then return -2 end
local hashes = redis.call('HMGET', agent, AGENT.tokenHash, AGENT.previousHash)
if hashes[2] then redis.call('DEL', prefix .. hashes[2]) end
redis.call('HDEL', agent, AGENT.previousHash, AGENT.previousExpiresMs, AGENT.lastUsedMs)
local livesOn = 0
if hashes[1] and overlapMs > 0 then
  redis.call('PEXPIRE', prefix .. hashes[1], overlapMs)
  redis.call('HSET', agent, AGENT.previousHash, hashes[1], AGENT.previousExpiresMs, expiresMs)
  livesOn = 1
elseif hashes[1] then
  redis.call('DEL', prefix .. hashes[1])
end
redis.call('SET', token, id)
redis.call('HSET', agent, AGENT.tokenHash, hash, AGENT.tokenHint, hint, AGENT.tokenCreatedMs, now)
return livesOn
