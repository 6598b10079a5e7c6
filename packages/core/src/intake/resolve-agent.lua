-- Reads an agent's gate, Redis's clock in ms, and a used-up budget that refuses new tasks (whose it is, its
-- limit, when that ends in ms), with the result of takeRate if a request is counted against
-- the agent's rate; null for an unknown agent.
--
-- @include ../redis/clock.lua
-- @include ../budget/budget.lua
-- @include ./rate.lua
-- @import { AGENT } from '../agents/agent-hash.js'
-- @returns [gate: string, now: number, full: string[], waitMs?: number, left?: number] | null

local agent = KEYS[1] -- the agent's hash
local agentSpend = KEYS[2] -- what the agent spends
local budget = KEYS[3] -- the budget of the installation
local ownSpend = KEYS[4] -- what the installation spends
local rated = ARGV[1] == '1' -- whether to count a request against the agent's rate

local gate = redis.call('HGET', agent, AGENT.gate)
if not gate then return nil end
local now = nowMs()
local mine, ownBudget, full = budgetIn(gate), budgetAt(budget), {}
if mine or ownBudget then
  local scope, limit, ends = rejecting(mine, agentSpend, ownBudget, ownSpend, now)
  if scope then full = { scope, limit, string.format('%.0f', ends) } end
end
if not rated then return { gate, now, full } end
return { gate, now, full, takeRate(agent, gate, now) }
