-- Stores an API key, unless there are as many as there may be. Returns whether it did.
--
-- @returns 0 | 1

local apiKeys = KEYS[1] -- stored keys by their hash
local hash = ARGV[1] -- the new key's
local json = ARGV[2] -- what is stored of it
local most = tonumber(ARGV[3]) -- how many keys there may be

if redis.call('HLEN', apiKeys) >= most then return 0 end
redis.call('HSET', apiKeys, hash, json)
return 1
