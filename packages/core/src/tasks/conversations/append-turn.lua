-- Adds what a task has done to the turns of its conversation, unless another worker holds the task, or the
-- conversation was deleted after the task came. A task that is run again replaces its turn. Drops the oldest
-- turns beyond a size.
--
-- @returns null

local lock = KEYS[1] -- the lock of the worker that runs the task
local tasks = KEYS[2] -- the conversation's tasks by number of arrival
local turns = KEYS[3] -- its turns by task id
local id = ARGV[1] -- the task's id
local token = ARGV[2] -- the caller's lock token
local turn = ARGV[3] -- the turn, as JSON
local mostBytes = tonumber(ARGV[4]) -- maximum size of all turns, bytes

if redis.call('GET', lock) ~= token or not redis.call('ZSCORE', tasks, id) then return end
redis.call('HSET', turns, id, turn)
local bytes = 0
for n, each in ipairs(redis.call('ZREVRANGE', tasks, 0, -1)) do
  bytes = bytes + redis.call('HSTRLEN', turns, each)
  if n > 1 and bytes > mostBytes then redis.call('HDEL', turns, each) end
end
