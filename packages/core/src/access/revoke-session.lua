-- Ends the session with an id, if it belongs to a key. Returns whether there was one.
--
-- @include ./session-index.lua
-- @returns 0 | 1

local index = KEYS[1] -- sessions by the time of their start
local id = ARGV[1] -- the session's
local prefix = ARGV[2] -- what the keys of sessions begin with
local keyId = ARGV[3] -- the id of the key; '' for the environment's, '*' for any

local member = redis.call('ZRANGEBYLEX', index, '[' .. id, '(' .. id .. '~', 'LIMIT', 0, 1)[1]
if not member then return 0 end
local session = prefix .. tokenHashOf(member)
local json = redis.call('GET', session)
if json and keyId ~= '*' and cjson.decode(json).key_id ~= keyId then return 0 end
redis.call('ZREM', index, member)
return redis.call('DEL', session)
