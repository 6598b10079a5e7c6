-- Begins a pause, unless it has begun. Returns the pause that is now; null if there are too many of its kind.
--
-- @returns string | null

local pauses = KEYS[1] -- what people have paused, by name
local name = ARGV[1] -- the pause's name
local pause = ARGV[2] -- who has paused what, as JSON
local counted = ARGV[3] -- what the names of its kind begin with; '' for any number
local most = tonumber(ARGV[4]) -- how many of its kind there may be

local known = redis.call('HGET', pauses, name)
if known then return known end
if counted ~= '' then
  local count = 0
  for _, other in ipairs(redis.call('HKEYS', pauses)) do
    if string.sub(other, 1, #counted) == counted then count = count + 1 end
  end
  if count >= most then return nil end
end
redis.call('HSET', pauses, name, pause)
return pause
