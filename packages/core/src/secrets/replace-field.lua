-- Replaces the value of a hash's field, or of a string, if it is still the one that was read. Returns whether
-- it was.
--
-- @returns 0 | 1

local key = KEYS[1] -- the hash, or the string
local field = ARGV[1] -- the field; '' for a string
local read = ARGV[2] -- the value that was read
local value = ARGV[3] -- the new value

if field == '' then
  if redis.call('GET', key) ~= read then return 0 end
  redis.call('SET', key, value)
  return 1
end
if redis.call('HGET', key, field) ~= read then return 0 end
redis.call('HSET', key, field, value)
return 1
