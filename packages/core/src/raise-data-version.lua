-- Raises the version of the data, unless it is higher already. Returns the stored version.
--
-- @returns string

local key = KEYS[1] -- the version of the data
local version = ARGV[1] -- the version after a migration

local stored = redis.call('GET', key)
if stored and tonumber(stored) and tonumber(stored) >= tonumber(version) then return stored end
redis.call('SET', key, version)
return version
