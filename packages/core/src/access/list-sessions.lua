-- A page of sessions, newest first: id, the session, its remaining time in ms, and its stored key ('' for the
-- environment's, or if the session cannot be read). Leaves out sessions that have ended or whose key was
-- deleted.
--
-- @include ../redis/stored-row.lua
-- @include ./session-index.lua
-- @import { ADMIN_OWNER, ID_LENGTH } from './session-store.js'
-- @returns [id: string, session: string, leftMs: number, key: string][]

local index = KEYS[1] -- sessions by start time
local apiKeys = KEYS[2] -- stored keys by their hash
local from = ARGV[1] -- where the page begins: the upper bound of ZREVRANGEBYLEX
local limit = tonumber(ARGV[2]) -- maximum number of sessions
local prefix = ARGV[3] -- prefix of the sessions' keys
local keyId = ARGV[4] -- id of the key whose sessions are listed; '' for the environment's, '*' for all

local page = {}
for _, member in ipairs(redis.call('ZREVRANGEBYLEX', index, from, '-')) do
  if #page == limit then break end
  local name = prefix .. tokenHashOf(member)
  local json = redis.call('GET', name)
  local session = json and (objectIn(json) or {})
  if session and (keyId == '*' or session.key_id == keyId) then
    local owner = type(session.owner) == 'string' and session.owner or ADMIN_OWNER
    local isAdmin = string.sub(owner, 1, #ADMIN_OWNER) == ADMIN_OWNER
    local key = isAdmin and '' or redis.call('HGET', apiKeys, owner)
    local id = string.sub(member, 1, ID_LENGTH)
    if key then page[#page + 1] = { id, json, redis.call('PTTL', name), key } end
  end
end
return page
