-- Stores a new field of a hash unless it exists or the hash is full.
--
-- @returns 'created' | 'exists' | 'full'

local key = KEYS[1] -- the hash
local field = ARGV[1] -- the name of the new field
local value = ARGV[2] -- its value
local most = tonumber(ARGV[3]) -- how many fields the hash may have

if redis.call('HEXISTS', key, field) == 1 then return 'exists' end
if redis.call('HLEN', key) >= most then return 'full' end
redis.call('HSET', key, field, value)
return 'created'
