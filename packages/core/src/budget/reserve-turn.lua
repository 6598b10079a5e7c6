-- Counts what a task has spent so far, and reserves what its next turn may use, if the budgets of its agent
-- and of the installation allow it. A turn may begin while a budget is not used up; beside other open turns,
-- it must also fit what these leave. So a budget is exceeded by one turn at most, if estimates hold.
--
-- Returns 'granted', 'full' or 'busy' with whose budget it is, its limit, when that ends in ms, and what then
-- happens; and the levels that were reached for the first time: whose, limit, percent, used, maximum.
--
-- @include ../redis/clock.lua
-- @include ./budget.lua
-- @include ./charge.lua
-- @import { BUSY_MS } from '../queue/spend-hash.js'
-- @import { AGENT } from '../agents/agent-hash.js'
-- @returns [outcome: 'granted' | 'full' | 'busy', refusal: string[], notices: string[]]

local agent = KEYS[1] -- the agent's hash
local agentSpend = KEYS[2] -- what the agent spends
local budget = KEYS[3] -- the budget of the installation
local ownSpend = KEYS[4] -- what the installation spends
local spending = KEYS[5] -- what is counted of each open task
local id = ARGV[1] -- the task's id
local agentId = ARGV[2] -- the agent's id
local tokens = tonumber(ARGV[3]) -- what the task has used so far, in tokens
local nano = tonumber(ARGV[4]) -- what it has cost so far, in billionths of a dollar
local unpriced = tonumber(ARGV[5]) -- how many of its turns have no known price
local askTokens = tonumber(ARGV[6]) -- what the next turn may use, in tokens
local askNano = tonumber(ARGV[7]) -- what it may cost
local reserves = ARGV[8] == '1' -- whether a turn follows

local now = nowMs()
local task = openTask(spending, id)
  or { agent = agentId, tokens = 0, nano = 0, unpriced = 0, heldTokens = 0, heldNano = 0 }
local gate = redis.call('HGET', agent, AGENT.gate)
local scopes = {
  { name = 'agent', key = agentSpend, budget = budgetIn(gate), isThere = gate },
  { name = 'installation', key = ownSpend, budget = budgetAt(budget), isThere = true },
}
local more = {
  tokens = math.max(0, tokens - task.tokens),
  nano = math.max(0, nano - task.nano),
  unpriced = math.max(0, unpriced - task.unpriced),
}
for _, scope in ipairs(scopes) do
  scope.spend = spendAt(scope.key, now)
  charge(scope.spend, more.tokens, more.nano, more.unpriced, -task.heldTokens, -task.heldNano)
end
task.tokens, task.nano = task.tokens + more.tokens, task.nano + more.nano
task.unpriced = task.unpriced + more.unpriced
task.heldTokens, task.heldNano = 0, 0

local outcome, refusal, notices = 'granted', {}, {}
local function refuse(how, scope, limit, ends)
  outcome = how
  refusal = { scope.name, limit.name, string.format('%.0f', ends), scope.budget.on_limit }
end
for _, scope in ipairs(scopes) do
  if scope.budget and reserves and outcome ~= 'full' then
    local full = usedUp(scope.budget, scope.spend)
    if full then
      refuse('full', scope, full, full.ends)
    else
      for _, limit in ipairs(limitsOf(scope.budget, scope.spend)) do
        local ask = limit.isUsd and askNano or askTokens
        if limit.held > 0 and limit.used + limit.held + ask > limit.most then
          refuse('busy', scope, limit, now + BUSY_MS)
        end
      end
    end
  end
end
if reserves and outcome == 'granted' then
  task.heldTokens, task.heldNano = askTokens, askNano
  for _, scope in ipairs(scopes) do charge(scope.spend, 0, 0, 0, askTokens, askNano) end
end
for _, scope in ipairs(scopes) do
  if scope.isThere then
    writeSpend(scope.key, scope.spend)
    if scope.budget then tell(scope.key, scope.name, scope.budget, scope.spend, now, notices) end
  end
end
writeOpenTask(spending, id, task)
return { outcome, refusal, notices }
