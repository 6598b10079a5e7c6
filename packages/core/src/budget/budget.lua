-- Budgets, and what is spent of them. All keys share a hash slot.
--
-- @include ../redis/stored-row.lua
-- @include ./calendar.lua
-- @import { DAY_MS, LIMIT, NANO_USD, SPEND } from '../queue/spend-hash.js'

-- An agent's budget, from its gate; nil if it has none, or if it cannot be read.
local function budgetIn(gate)
  if not gate or not string.find(gate, '"budget":', 1, true) then return nil end
  local budget = (objectIn(gate) or {}).budget
  return type(budget) == 'table' and budget or nil
end

-- The budget of the installation; nil if it has none, or if it cannot be read.
local function budgetAt(key)
  local json = redis.call('GET', key)
  return json and objectIn(json) or nil
end

-- What is spent in the day and the month of `now`.
local function spendAt(key, now)
  local row = redis.call('HMGET', key, SPEND.day, SPEND.dayTokens, SPEND.dayNano, SPEND.dayUnpriced,
    SPEND.month, SPEND.monthNano, SPEND.heldTokens, SPEND.heldNano)
  local day, month = math.floor(now / DAY_MS), monthOf(now)
  local isToday, isThisMonth = tonumber(row[1]) == day, tonumber(row[5]) == month
  return {
    day = day,
    month = month,
    dayTokens = isToday and tonumber(row[2]) or 0,
    dayNano = isToday and tonumber(row[3]) or 0,
    dayUnpriced = isToday and tonumber(row[4]) or 0,
    monthNano = isThisMonth and tonumber(row[6]) or 0,
    heldTokens = tonumber(row[7] or 0),
    heldNano = tonumber(row[8] or 0),
  }
end

-- The limits of a budget, each with what is used of it, in tokens or billionths of a dollar.
local function limitsOf(budget, spend)
  local nextDay, nextMonth = (spend.day + 1) * DAY_MS, startOfMonth(spend.month + 1)
  local all = {
    { name = LIMIT.dayTokens, used = spend.dayTokens, held = spend.heldTokens },
    { name = LIMIT.dayUsd, used = spend.dayNano, held = spend.heldNano, isUsd = true },
    { name = LIMIT.monthUsd, used = spend.monthNano, held = spend.heldNano, isUsd = true, isMonthly = true },
  }
  local set = {}
  for _, limit in ipairs(all) do
    local most = budget[limit.name]
    if type(most) == 'number' then
      limit.most = limit.isUsd and math.floor(most * NANO_USD + 0.5) or most
      limit.period = limit.isMonthly and spend.month or spend.day
      limit.ends = limit.isMonthly and nextMonth or nextDay
      set[#set + 1] = limit
    end
  end
  return set
end

-- The limit that is used up and ends last; nil if none is.
local function usedUp(budget, spend)
  local found
  for _, limit in ipairs(limitsOf(budget, spend)) do
    if limit.used >= limit.most and (not found or limit.ends > found.ends) then found = limit end
  end
  return found
end

-- The first used-up budget of an agent and the installation. Returns whose it is, the name of its limit, when
-- that ends in ms, and what then happens; nothing if both allow more.
local function refusalOf(agentBudget, agentSpend, ownBudget, ownSpend, now)
  local limit = agentBudget and usedUp(agentBudget, spendAt(agentSpend, now))
  if limit then return 'agent', limit.name, limit.ends, agentBudget.on_limit end
  limit = ownBudget and usedUp(ownBudget, spendAt(ownSpend, now))
  if limit then return 'installation', limit.name, limit.ends, ownBudget.on_limit end
end

-- The same for a new task: only what rejects it. Returns whose budget it is, the name of its limit, and when
-- that ends in ms.
local function rejecting(agentBudget, agentSpend, ownBudget, ownSpend, now)
  local scope, limit, ends, onLimit = refusalOf(agentBudget, agentSpend, ownBudget, ownSpend, now)
  if onLimit == 'reject' then return scope, limit, ends end
  if scope == 'agent' and ownBudget then
    scope, limit, ends, onLimit = refusalOf(nil, agentSpend, ownBudget, ownSpend, now)
    if onLimit == 'reject' then return scope, limit, ends end
  end
end
