-- Counts a delivery that failed for good, and disables the callback after a number of failures in a row.
-- Ignores failures of a previous URL. Returns whether this disabled the callback.
--
-- @import { AGENT } from './agent-hash.js'
-- @returns 0 | 1

local agent = KEYS[1] -- the agent's hash
local disabled = KEYS[2] -- agents whose callback was disabled
local url = ARGV[1] -- the URL of the delivery
local at = ARGV[2] -- now, as RFC 3339
local reason = ARGV[3] -- why it failed
local disableAfter = tonumber(ARGV[4]) -- how many failures in a row disable the callback
local id = ARGV[5] -- the agent's id

local row = redis.call('HMGET', agent, AGENT.callbackUrl, AGENT.callbackDisabled)
if row[1] ~= url or row[2] then return 0 end
if redis.call('HINCRBY', agent, AGENT.callbackFailures, 1) < disableAfter then return 0 end
redis.call('HDEL', agent, AGENT.callbackFailures)
redis.call('SADD', disabled, id)
redis.call('HSET', agent, AGENT.callbackDisabled, cjson.encode({ at = at, reason = reason }))
return 1
