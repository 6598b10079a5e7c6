-- Notes how tasks ended, for rules about the first failure: agents whose last task failed, with the first
-- task of a row of failures. One that succeeds again stays, with the time, until a rule has seen it. Does
-- nothing while there are no rules. An end that is told again, after a later one, changes nothing.
--
-- @include ../redis/arguments.lua
-- @import { AGENT } from '../agents/agent-hash.js'
-- @returns 0 | 1

local rules = KEYS[1] -- all rules by id
local failing = KEYS[2] -- by agent: when its first task failed in ms, the task, its code, when it recovered
local prefix = ARGV[1] -- prefix of the agents' hashes
local ends = records(ARGV, 2, { -- the ends
  'agent', -- the agent's id
  'at', -- when the task ended, ms since the epoch
  'task', -- the task's id
  'code', -- why it failed; '' if it succeeded
})

if redis.call('EXISTS', rules) == 0 then return 0 end
for _, one in ipairs(ends) do
  local agent = prefix .. one.agent
  local row = redis.call('HMGET', agent, AGENT.version, AGENT.lastEndMs)
  if row[1] and tonumber(one.at) >= tonumber(row[2] or 0) then
    redis.call('HSET', agent, AGENT.lastEndMs, one.at)
    local entry = redis.call('HGET', failing, one.agent)
    local began = entry and string.match(entry, '^%S+ %S+ %S+')
    if one.code ~= '' then
      redis.call('HSET', failing, one.agent, began or table.concat({ one.at, one.task, one.code }, ' '))
    elseif entry and entry == began then
      redis.call('HSET', failing, one.agent, entry .. ' ' .. one.at)
    end
  end
end
return 1
