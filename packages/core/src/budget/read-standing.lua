-- Says whether an agent exists, whether a budget applies to it, whose spending begins with this budget
-- ('agent', 'installation'), and which budget is used up: whose it is, its limit, when that ends in ms, and
-- what then happens.
--
-- @include ../redis/clock.lua
-- @include ./budget.lua
-- @import { AGENT } from '../agents/agent-hash.js'
-- @import { SPEND } from '../queue/spend-hash.js'
-- @returns [exists: 0 | 1, applies: 0 | 1, begins: string[], refusal: string[]]

local agent = KEYS[1] -- the agent's hash
local agentSpend = KEYS[2] -- what the agent spends
local budget = KEYS[3] -- the budget of the installation
local ownSpend = KEYS[4] -- what the installation spends

local gate = redis.call('HGET', agent, AGENT.gate)
local agentBudget, ownBudget = budgetIn(gate), budgetAt(budget)
local exists, applies = gate and 1 or 0, (agentBudget or ownBudget) and 1 or 0
if applies == 0 then return { exists, applies, {}, {} } end
local begins = {}
local function hasBegun(key) return redis.call('HEXISTS', key, SPEND.begun) == 1 end
if agentBudget and not hasBegun(agentSpend) then begins[1] = 'agent' end
if ownBudget and not hasBegun(ownSpend) then begins[#begins + 1] = 'installation' end
local scope, limit, ends, onLimit = refusalOf(agentBudget, agentSpend, ownBudget, ownSpend, nowMs())
if not scope then return { exists, applies, begins, {} } end
return { exists, applies, begins, { scope, limit, string.format('%.0f', ends), onLimit } }
