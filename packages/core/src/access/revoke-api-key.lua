-- Deletes the API key with a given id. Returns whether it existed. Keys are stored under their hashes. They
-- are few, so a scan is cheaper than a second index. A damaged key is found by an id that is still in its
-- text, or by its hash (doctor/stored-rows.ts).
--
-- @include ../redis/stored-row.lua
-- @import { DAMAGED_KEY } from './stored-key.js'
-- @returns 0 | 1

local apiKeys = KEYS[1] -- stored keys by their hash
local used = KEYS[2] -- when each key was last used, ms
local id = ARGV[1] -- the key's id

local all = redis.call('HGETALL', apiKeys)
for n = 1, #all, 2 do
  local stored = objectIn(all[n + 1]) or {}
  local known = type(stored.id) == 'string' and stored.id
  local isHere = known and known == id or not known and string.find(all[n + 1], '"' .. id .. '"', 1, true)
  if isHere or id == DAMAGED_KEY .. all[n] then
    redis.call('HDEL', apiKeys, all[n])
    redis.call('HDEL', used, all[n])
    return 1
  end
end
return 0
