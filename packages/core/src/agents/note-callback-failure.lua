-- Counts a delivery that failed for good, and disables the callback after a number of them. What the
-- callback's old URL did says nothing of a new one. Returns whether the callback is disabled now because of
-- it.
--
-- @import { AGENT } from './agent-hash.js'
-- @returns 0 | 1

local agent = KEYS[1] -- the agent's hash
local url = ARGV[1] -- where the delivery went
local at = ARGV[2] -- now, in RFC 3339
local reason = ARGV[3] -- why it failed
local disableAfter = tonumber(ARGV[4]) -- how many in a row disable the callback

local row = redis.call('HMGET', agent, AGENT.callbackUrl, AGENT.callbackDisabled)
if row[1] ~= url or row[2] then return 0 end
if redis.call('HINCRBY', agent, AGENT.callbackFailures, 1) < disableAfter then return 0 end
redis.call('HDEL', agent, AGENT.callbackFailures)
redis.call('HSET', agent, AGENT.callbackDisabled, cjson.encode({ at = at, reason = reason }))
return 1
