-- Counts what ended tasks have spent and was not counted before, and frees what they have reserved. A task
-- about which nothing is known has no budget, or was ended before.
--
-- Returns the levels that budgets have reached for the first time: agent's id, whose, limit, percent, used,
-- maximum.
--
-- @include ../redis/arguments.lua
-- @include ../redis/clock.lua
-- @include ./budget.lua
-- @include ./charge.lua
-- @import { AGENT } from '../agents/agent-hash.js'
-- @returns string[]

local budget = KEYS[1] -- the budget of the installation
local ownSpend = KEYS[2] -- what the installation spends
local spending = KEYS[3] -- what is counted of each open task
local prefix = ARGV[1] -- prefix of the agents' keys
local suffix = ARGV[2] -- what follows an agent's id in the key of its spending
local tasks = records(ARGV, 3, { -- the ended tasks
  'id', -- the task's id
  'tokens', -- what it has used, in tokens
  'nano', -- what it has cost, in billionths of a dollar; '' if that is unknown
})

local now, all = nowMs(), {}
local ownBudget = budgetAt(budget)
for _, one in ipairs(tasks) do
  local task = openTask(spending, one.id)
  if task then
    local gate = redis.call('HGET', prefix .. task.agent, AGENT.gate)
    local tokens = math.max(0, tonumber(one.tokens) - task.tokens)
    local nano = math.max(0, (tonumber(one.nano) or 0) - task.nano)
    for _, scope in ipairs({
      { name = 'agent', key = prefix .. task.agent .. suffix, budget = budgetIn(gate), isThere = gate },
      { name = 'installation', key = ownSpend, budget = ownBudget, isThere = true },
    }) do
      if scope.isThere then
        local spend, notices = spendAt(scope.key, now), {}
        charge(spend, tokens, nano, 0, -task.heldTokens, -task.heldNano)
        writeSpend(scope.key, spend)
        if scope.budget then tell(scope.key, scope.name, scope.budget, spend, now, notices) end
        for n = 1, #notices, 5 do
          all[#all + 1] = task.agent
          for part = n, n + 4 do all[#all + 1] = notices[part] end
        end
      end
    end
    redis.call('HDEL', spending, one.id)
  end
end
return all
