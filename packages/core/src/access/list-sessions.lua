-- A page of sessions, newest first: what is stored, what is left of it in ms, and its stored key ('' for the
-- environment's). Sessions that are over, or whose key is gone, are left out.
--
-- @include ./session-index.lua
-- @import { ADMIN_OWNER } from './session-store.js'
-- @returns [session: string, leftMs: number, key: string][]

local index = KEYS[1] -- sessions by the time of their start
local apiKeys = KEYS[2] -- stored keys by their hash
local from = ARGV[1] -- where the page begins, as the upper bound of ZREVRANGEBYLEX
local limit = tonumber(ARGV[2]) -- how many sessions at most
local prefix = ARGV[3] -- what the keys of sessions begin with
local keyId = ARGV[4] -- whose sessions: the id of a key; '' for the environment's, '*' for all

local page = {}
for _, member in ipairs(redis.call('ZREVRANGEBYLEX', index, from, '-')) do
  if #page == limit then break end
  local name = prefix .. tokenHashOf(member)
  local json = redis.call('GET', name)
  local session = json and cjson.decode(json)
  if session and (keyId == '*' or session.key_id == keyId) then
    local isAdmin = string.sub(session.owner, 1, #ADMIN_OWNER) == ADMIN_OWNER
    local key = isAdmin and '' or redis.call('HGET', apiKeys, session.owner)
    if key then page[#page + 1] = { json, redis.call('PTTL', name), key } end
  end
end
return page
