-- Stores a session and indexes it. Removes what is over from the index, and of the key's other sessions the
-- oldest beyond a number.
--
-- @include ./session-index.lua
-- @returns null

local session = KEYS[1] -- the new session, by its token's hash
local index = KEYS[2] -- sessions by the time of their start
local json = ARGV[1] -- the session, as JSON
local ttlMs = ARGV[2] -- how long it is kept unused, ms
local member = ARGV[3] -- its member of the index
local oldest = ARGV[4] -- what the member of a session that cannot live any more sorts before
local keyId = ARGV[5] -- the id of the key that it belongs to; '' for the environment's
local most = tonumber(ARGV[6]) -- how many sessions a key may have
local prefix = ARGV[7] -- what the keys of sessions begin with

redis.call('ZREMRANGEBYLEX', index, '-', '(' .. oldest)
local all, mine = redis.call('ZRANGE', index, 0, -1), 1
for n = #all, 1, -1 do
  local other = prefix .. tokenHashOf(all[n])
  local known = redis.call('GET', other)
  if not known then
    redis.call('ZREM', index, all[n])
  elseif cjson.decode(known).key_id == keyId then
    mine = mine + 1
    if mine > most then
      redis.call('DEL', other)
      redis.call('ZREM', index, all[n])
    end
  end
end
redis.call('SET', session, json, 'PX', ttlMs)
redis.call('ZADD', index, 0, member)
