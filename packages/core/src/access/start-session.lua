-- Stores a session and indexes it. Removes ended sessions from the index. If the key has too many sessions,
-- deletes its oldest ones.
--
-- @include ../redis/stored-row.lua
-- @include ./session-index.lua
-- @returns null

local session = KEYS[1] -- the new session, under its token's hash
local index = KEYS[2] -- sessions by start time
local json = ARGV[1] -- the session, as JSON
local ttlMs = ARGV[2] -- how long an unused session is kept, ms
local member = ARGV[3] -- the session's member in the index
local oldest = ARGV[4] -- members that sort before this one belong to sessions past their maximum age
local keyId = ARGV[5] -- id of the session's key; '' for the environment's
local most = tonumber(ARGV[6]) -- maximum number of sessions of one key
local prefix = ARGV[7] -- prefix of the sessions' keys

redis.call('ZREMRANGEBYLEX', index, '-', '(' .. oldest)
local all, mine = redis.call('ZRANGE', index, 0, -1), 1
for n = #all, 1, -1 do
  local other = prefix .. tokenHashOf(all[n])
  local known = redis.call('GET', other)
  local session = known and objectIn(known)
  if not known then
    redis.call('ZREM', index, all[n])
  elseif session and session.key_id == keyId then
    mine = mine + 1
    if mine > most then
      redis.call('DEL', other)
      redis.call('ZREM', index, all[n])
    end
  end
end
redis.call('SET', session, json, 'PX', ttlMs)
redis.call('ZADD', index, 0, member)
