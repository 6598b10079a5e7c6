-- Calls back tasks that waited for a paused agent, once it is no longer paused: in their order, and in turns
-- with the tasks of other agents. Returns how many it has called back, and whether more of them wait.
--
-- @include ../queue/turns.lua
-- @returns [called: number, more: 0 | 1]

local paused = KEYS[1] -- says that the agent is paused
local held = KEYS[2] -- its tasks that wait, by creation time
local holding = KEYS[3] -- agents with such tasks
local delayed = KEYS[4] -- delayed jobs
local prioritized = KEYS[5] -- waiting jobs by priority, then by number
local counter = KEYS[6] -- counter for jobs of the same priority
local marker = KEYS[7] -- the key on which workers block
local agent = ARGV[1] -- the agent's id
local prefix = ARGV[2] -- prefix of the jobs' keys
local most = tonumber(ARGV[3]) -- how many tasks are called back at most
local before = tonumber(ARGV[4]) -- how many were called back just before

if redis.call('EXISTS', paused) == 1 then return { 0, 0 } end
local turn = currentTurn(prioritized)
local popped = redis.call('ZPOPMIN', held, most)
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
if redis.call('EXISTS', held) == 1 then return { called, 1 } end
redis.call('SREM', holding, agent)
return { called, 0 }
