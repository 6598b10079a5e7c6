-- Stored API keys.
--
-- @include ../redis/stored-row.lua
-- @import { USED_STEP_MS } from './stored-key.js'

-- The stored key with a given hash, as JSON, unless it has expired. Records its use from time to time. A full
-- Redis refuses that write; operators must still get in to find the cause.
local function findKey(all, used, hash, now)
  local json = redis.call('HGET', all, hash)
  local stored = json and objectIn(json)
  if not stored then return nil end
  local expires = stored.expires_ms
  if type(expires) == 'number' and expires <= now then return nil end
  if now - tonumber(redis.call('HGET', used, hash) or 0) >= USED_STEP_MS then
    redis.pcall('HSET', used, hash, now)
  end
  return json
end
