-- Stores an API key unless the maximum is reached. Returns whether it stored it.
--
-- @returns 0 | 1

local apiKeys = KEYS[1] -- stored keys by their hash
local hash = ARGV[1] -- the new key's hash
local json = ARGV[2] -- the new key, as JSON
local most = tonumber(ARGV[3]) -- maximum number of keys

if redis.call('HLEN', apiKeys) >= most then return 0 end
redis.call('HSET', apiKeys, hash, json)
return 1
