-- Calls back the oldest tasks that wait for a budget, in turns with the tasks of other agents. Returns how
-- many it has called back.
--
-- @include ../queue/turns.lua
-- @returns number

local unfunded = KEYS[1] -- the agent's tasks that wait for a budget, by creation time
local agents = KEYS[2] -- agents with such tasks
local delayed = KEYS[3] -- delayed jobs
local prioritized = KEYS[4] -- waiting jobs by priority, then by number
local counter = KEYS[5] -- counter for jobs of the same priority
local marker = KEYS[6] -- the key on which workers block
local agent = ARGV[1] -- the agent's id
local prefix = ARGV[2] -- prefix of the jobs' keys
local most = tonumber(ARGV[3]) -- how many tasks are called back at most

local turn = currentTurn(prioritized)
local popped = redis.call('ZPOPMIN', unfunded, most)
local called = 0
for n = 1, #popped, 2 do
  local id = popped[n]
  -- A task that is due, runs or was cancelled is no longer there.
  if redis.call('ZREM', delayed, id) == 1 then
    local priority = turn + called
    called = called + 1
    redis.call('HSET', prefix .. id, 'priority', priority)
    redis.call('ZADD', prioritized, scoreOf(priority, redis.call('INCR', counter)), id)
  end
end
if called > 0 then redis.call('ZADD', marker, 0, '0') end
if redis.call('EXISTS', unfunded) == 0 then redis.call('SREM', agents, agent) end
return called
