-- Removes the rejections from before a time.
--
-- @returns null

local rows = KEYS[1] -- the agent's rejections by id
local bodies = KEYS[2] -- their bodies by id
local before = ARGV[1] -- ids that sort before this one are removed

for _, id in ipairs(redis.call('HKEYS', rows)) do
  if id < before then
    redis.call('HDEL', rows, id)
    redis.call('HDEL', bodies, id)
  end
end
