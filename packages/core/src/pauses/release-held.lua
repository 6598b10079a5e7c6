-- Calls back tasks that waited for the end of a pause: in their order, and in turns with the tasks of other
-- agents. Returns how many it has called back, and whether more of them wait.
--
-- @include ../queue/turns.lua
-- @returns [called: number, more: 0 | 1]

local released = KEYS[1] -- the tasks, by creation time
local releasing = KEYS[2] -- ids of groups of such tasks
local delayed = KEYS[3] -- delayed jobs
local prioritized = KEYS[4] -- waiting jobs by priority, then by number
local counter = KEYS[5] -- counter for jobs of the same priority
local marker = KEYS[6] -- the key on which workers block
local group = ARGV[1] -- the group's id
local prefix = ARGV[2] -- prefix of the jobs' keys
local most = tonumber(ARGV[3]) -- how many tasks are called back at most
local before = tonumber(ARGV[4]) -- how many were called back just before

local turn = currentTurn(prioritized)
local popped = redis.call('ZPOPMIN', released, most)
local called = 0
for n = 1, #popped, 2 do
  local id = popped[n]
  -- A task that was cancelled is no longer there.
  if redis.call('ZREM', delayed, id) == 1 then
    local priority = turn + before + called
    called = called + 1
    redis.call('HSET', prefix .. id, 'priority', priority)
    redis.call('ZADD', prioritized, scoreOf(priority, redis.call('INCR', counter)), id)
  end
end
if called > 0 then redis.call('ZADD', marker, 0, '0') end
if redis.call('EXISTS', released) == 1 then return { called, 1 } end
redis.call('SREM', releasing, group)
return { called, 0 }
