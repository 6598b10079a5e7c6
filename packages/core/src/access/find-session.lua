-- Reads a session and its API key ('' for the environment's key). Extends the session if Redis accepts the
-- write, but never past LONGEST_SESSION_MS after its start. Deletes a session whose key has ended.
--
-- @include ../redis/stored-row.lua
-- @include ./stored-key.lua
-- @import { ADMIN_OWNER, LONGEST_SESSION_MS, RENEW_STEP_MS, SESSION_MS } from './session-store.js'
-- @returns [key: string, leftMs: number, renewed: 0 | 1, id: string] | null

local session = KEYS[1] -- the session, as JSON
local apiKeys = KEYS[2] -- stored keys by their hash
local used = KEYS[3] -- when each key was last used, ms
local now = tonumber(ARGV[1]) -- ms since the epoch
local adminOwner = ARGV[2] -- the session's owner if it belongs to the environment's key

local json = redis.call('GET', session)
if not json then return nil end
local stored = objectIn(json)
local started = stored and tonumber(stored.started_ms)
local most = started and type(stored.owner) == 'string' and started + LONGEST_SESSION_MS - now or 0
local key = ''
if most <= 0 then
  key = nil
elseif string.sub(stored.owner, 1, #ADMIN_OWNER) ~= ADMIN_OWNER then
  key = findKey(apiKeys, used, stored.owner, now)
elseif stored.owner ~= adminOwner then
  key = nil
end
if not key then
  redis.call('DEL', session)
  return nil
end
local left, fresh = redis.call('PTTL', session), math.min(SESSION_MS, most)
if fresh - left < RENEW_STEP_MS then return { key, left, 0, stored.id } end
stored.used_ms = now
redis.call('PEXPIRE', session, fresh)
redis.pcall('SET', session, cjson.encode(stored), 'PX', fresh)
return { key, fresh, 1, stored.id }
