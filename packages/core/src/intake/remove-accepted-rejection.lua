-- Removes the rejection whose row has a member.
--
-- @returns null

local rows = KEYS[1] -- the agent's rejections by id
local bodies = KEYS[2] -- their bodies by id
local member = ARGV[1] -- a member and its value as JSON; no text that was sent can look like one within JSON

for _, id in ipairs(redis.call('HKEYS', rows)) do
  if string.find(redis.call('HGET', rows, id), member, 1, true) then
    redis.call('HDEL', rows, id)
    redis.call('HDEL', bodies, id)
  end
end
