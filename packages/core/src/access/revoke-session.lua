-- Ends the session with a given id, if it belongs to the given key. Returns whether it existed.
--
-- @include ../redis/stored-row.lua
-- @include ./session-index.lua
-- @returns 0 | 1

local index = KEYS[1] -- sessions by start time
local id = ARGV[1] -- the session's id
local prefix = ARGV[2] -- prefix of the sessions' keys
local keyId = ARGV[3] -- id of the session's key; '' for the environment's, '*' for any

local member = redis.call('ZRANGEBYLEX', index, '[' .. id, '(' .. id .. '~', 'LIMIT', 0, 1)[1]
if not member then return 0 end
local session = prefix .. tokenHashOf(member)
local json = redis.call('GET', session)
if json and keyId ~= '*' and (objectIn(json) or {}).key_id ~= keyId then return 0 end
redis.call('ZREM', index, member)
return redis.call('DEL', session)
