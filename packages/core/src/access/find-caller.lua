-- Reads the stored API key with a given hash.
--
-- @include ./stored-key.lua
-- @returns string | null

local apiKeys = KEYS[1] -- stored keys by their hash
local used = KEYS[2] -- when each key was last used, ms
local hash = ARGV[1] -- the hash of the key that was sent
local now = tonumber(ARGV[2]) -- ms since the epoch

return findKey(apiKeys, used, hash, now)
