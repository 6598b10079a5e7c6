-- Looks up tokens, and counts requests against their agents' rates. Returns Redis's clock in ms, the gate of
-- each agent found (id, gate, id, gate, …), the used-up budgets that refuse new tasks (the agent's id, whose
-- budget it is, its limit, when that ends in ms, …), and for each token the agent's id with the result of
-- takeRate, or null for an invalid token. Unknown, revoked and expired tokens are all missing keys, so they
-- take the same time.
--
-- The agents' keys are built from the values of the tokens' keys; all share a hash slot.
--
-- @include ../redis/arguments.lua
-- @include ../redis/clock.lua
-- @include ../budget/budget.lua
-- @include ./rate.lua
-- @import { AGENT } from '../agents/agent-hash.js'
-- @import { AGENT_SPEND } from '../redis/keys.js'
-- @returns [now: number, gates: string[], full: string[], ...(null | [id: string, ...rate: number[]])[]]

local budget = KEYS[1] -- the budget of the installation
local ownSpend = KEYS[2] -- what the installation spends
local tokens = rest(KEYS, 3) -- the tokens' keys; each holds its agent's id
local prefix = ARGV[1] -- prefix of the agents' keys
local stepMs = tonumber(ARGV[2]) -- minimum time between two writes of the last use, ms
local uses = records(ARGV, 3, { -- how each token is used, in the order of the keys
  'rated', -- '1' to count the request against the agent's rate
  'nowMs', -- ms since the epoch
})

local now = nowMs()
local gates, list, full, rows = {}, {}, {}, {}
local ownBudget = budgetAt(budget)
for n, use in ipairs(uses) do
  local id = redis.call('GET', tokens[n])
  local row = false
  if id then
    local agent = prefix .. id
    if gates[id] == nil then
      local fields = redis.call('HMGET', agent, AGENT.gate, AGENT.lastUsedMs)
      gates[id] = fields[1]
      if fields[1] then
        list[#list + 1], list[#list + 2] = id, fields[1]
        local mine = budgetIn(fields[1])
        if mine or ownBudget then
          local scope, limit, ends = rejecting(mine, agent .. AGENT_SPEND, ownBudget, ownSpend, now)
          if scope then
            local parts = { id, scope, limit, string.format('%.0f', ends) }
            for _, part in ipairs(parts) do full[#full + 1] = part end
          end
        end
        if tonumber(use.nowMs) - tonumber(fields[2] or 0) >= stepMs then
          redis.call('HSET', agent, AGENT.lastUsedMs, use.nowMs)
        end
      end
    end
    if gates[id] then
      row = use.rated == '1' and { id, takeRate(agent, gates[id], now) } or { id }
    end
  end
  rows[n] = row
end
return { now, list, full, unpack(rows) }
