-- Ends a pause. The tasks that wait for it get a name of their own, under which they are called back, so that
-- a pause that begins meanwhile has its own. Returns whether there was a pause.
--
-- @returns 0 | 1

local pauses = KEYS[1] -- what people have paused, by name
local breaker = KEYS[2] -- says that the agent's breaker has paused it
local held = KEYS[3] -- tasks that wait for the end of the pause, by creation time
local holding = KEYS[4] -- names under which tasks wait
local released = KEYS[5] -- the same tasks, to be called back
local releasing = KEYS[6] -- ids of such groups
local name = ARGV[1] -- the pause's name
local heldName = ARGV[2] -- the name under which its tasks wait
local id = ARGV[3] -- the new group's id
local ends = ARGV[4] == '1' -- whether it ends; if not, only tasks that wait for no pause are called back

local was = 0
if ends then
  was = redis.call('HDEL', pauses, name) + redis.call('DEL', breaker)
elseif redis.call('HEXISTS', pauses, name) == 1 or redis.call('EXISTS', breaker) == 1 then
  return 1
end
if redis.call('EXISTS', held) == 1 then
  redis.call('RENAME', held, released)
  redis.call('SADD', releasing, id)
end
redis.call('SREM', holding, heldName)
return was > 0 and 1 or 0
