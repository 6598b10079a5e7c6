-- Reads a version or, if that one was dropped, the next one that is stored.
--
-- @returns string | null

local versions = KEYS[1] -- the agent's versions by number
local version = ARGV[1] -- the number of the wanted version

local json = redis.call('HGET', versions, version)
if json then return json end
local next
for _, kept in ipairs(redis.call('HKEYS', versions)) do
  local number = tonumber(kept)
  if number > tonumber(version) and (not next or number < tonumber(next)) then next = kept end
end
return next and redis.call('HGET', versions, next)
