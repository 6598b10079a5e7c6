-- Deletes the API key with an id. Returns whether there was one. Keys are stored under their hashes, and
-- there are few: looking through them is cheaper than a second index.
--
-- @returns 0 | 1

local apiKeys = KEYS[1] -- stored keys by their hash
local used = KEYS[2] -- when each was used last, ms
local id = ARGV[1] -- the key's

local all = redis.call('HGETALL', apiKeys)
for n = 1, #all, 2 do
  if cjson.decode(all[n + 1]).id == id then
    redis.call('HDEL', apiKeys, all[n])
    redis.call('HDEL', used, all[n])
    return 1
  end
end
return 0
