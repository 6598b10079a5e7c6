-- Makes a new secret an agent's current callback secret. The previous one keeps signing for a while; older
-- ones do not. Returns -1 for an unknown agent, 0 without a callback, else 1.
--
-- @import { AGENT } from './agent-hash.js'
-- @returns -1 | 0 | 1

local agent = KEYS[1] -- the agent's hash
local sealed = ARGV[1] -- the new secret, encrypted
local expiresMs = ARGV[2] -- when the previous secret ends, ms since the epoch; '': now

if redis.call('EXISTS', agent) == 0 then return -1 end
local stored = redis.call('HGET', agent, AGENT.callbackSecrets)
if not stored then return 0 end
local secrets = { { sealed = sealed } }
if expiresMs ~= '' then secrets[2] = { sealed = cjson.decode(stored)[1].sealed, expires_ms = expiresMs } end
redis.call('HSET', agent, AGENT.callbackSecrets, cjson.encode(secrets))
return 1
