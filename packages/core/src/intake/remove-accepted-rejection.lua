-- Removes the rejection whose row contains a given member.
--
-- @returns null

local rows = KEYS[1] -- the agent's rejections by id
local bodies = KEYS[2] -- their bodies by id
local member = ARGV[1] -- a member with its value, as JSON; escapes keep a sender's text from matching

for _, id in ipairs(redis.call('HKEYS', rows)) do
  if string.find(redis.call('HGET', rows, id), member, 1, true) then
    redis.call('HDEL', rows, id)
    redis.call('HDEL', bodies, id)
  end
end
