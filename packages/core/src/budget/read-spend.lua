-- Reads the budgets of agents, or of the installation, and what is spent of them. Returns for each the budget
-- as JSON ('' for none), what is spent (day tokens, day cost, turns without a price, month cost, reserved
-- tokens, reserved cost; nothing if none is counted) and, for each limit, its name, used, maximum, its end in
-- ms, up to which level it was told, and when in ms.
--
-- @include ../redis/arguments.lua
-- @include ../redis/clock.lua
-- @include ./budget.lua
-- @import { TOLD } from '../queue/spend-hash.js'
-- @import { AGENT } from '../agents/agent-hash.js'
-- @returns [budget: string, spend: string[], limits: string[]][]

local keys = rest(KEYS, 1) -- for each, the agent's hash or the installation's budget, and what is spent
local isAgent = ARGV[1] == '1' -- whether the keys are those of agents

local now, rows = nowMs(), {}
for n = 1, #keys, 2 do
  local key = keys[n + 1]
  local budget
  if isAgent then budget = budgetIn(redis.call('HGET', keys[n], AGENT.gate))
  else budget = budgetAt(keys[n]) end
  local spend, limits, counts = spendAt(key, now), {}, {}
  for _, limit in ipairs(budget and limitsOf(budget, spend) or {}) do
    local told = redis.call('HGET', key, TOLD .. limit.name) or ''
    local period, level, most, at = string.match(told, '^(%d+):(%d+):([^:]+):(%d+)')
    local holds = tonumber(period) == limit.period and tonumber(most) == limit.most
    for _, part in ipairs({ limit.name, string.format('%.0f', limit.used), string.format('%.0f', limit.most),
      string.format('%.0f', limit.ends), holds and level or '', holds and at or '' }) do
      limits[#limits + 1] = part
    end
  end
  if redis.call('EXISTS', key) == 1 then
    for _, count in ipairs({ spend.dayTokens, spend.dayNano, spend.dayUnpriced, spend.monthNano,
      spend.heldTokens, spend.heldNano }) do counts[#counts + 1] = string.format('%.0f', count) end
  end
  rows[#rows + 1] = { budget and cjson.encode(budget) or '', counts, limits }
end
return rows
