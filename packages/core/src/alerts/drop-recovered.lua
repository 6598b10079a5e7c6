-- Forgets failures of agents that all rules have seen, unless something has changed since they were read.
--
-- @include ../redis/arguments.lua
-- @returns number

local failing = KEYS[1] -- by agent: when its first task failed in ms, the task, its code, when it recovered
local seen = records(ARGV, 1, { -- what was read
  'agent', -- the agent's id
  'entry', -- its entry
})

local dropped = 0
for _, one in ipairs(seen) do
  if redis.call('HGET', failing, one.agent) == one.entry then
    dropped = dropped + redis.call('HDEL', failing, one.agent)
  end
end
return dropped
