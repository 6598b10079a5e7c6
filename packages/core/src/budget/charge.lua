-- Counts what tasks spend. For each open task, one field says what is counted of it already, so that what is
-- told again counts once; and what its turn has reserved.
--
-- @include ./budget.lua
-- @import { SPEND, TOLD } from '../queue/spend-hash.js'

local SHARE_TOLD = 0.8

-- What is known of an open task; nil if nothing is.
local function openTask(spending, id)
  local row = redis.call('HGET', spending, id)
  if not row then return nil end
  local agent, tokens, nano, unpriced, heldTokens, heldNano =
    string.match(row, '^([^:]*):(%d+):(%d+):(%d+):(%d+):(%d+)$')
  return {
    agent = agent, tokens = tonumber(tokens), nano = tonumber(nano), unpriced = tonumber(unpriced),
    heldTokens = tonumber(heldTokens), heldNano = tonumber(heldNano),
  }
end

local function writeOpenTask(spending, id, task)
  redis.call('HSET', spending, id, string.format('%s:%.0f:%.0f:%.0f:%.0f:%.0f', task.agent, task.tokens,
    task.nano, task.unpriced, task.heldTokens, task.heldNano))
end

local function writeSpend(key, spend)
  redis.call('HSET', key, SPEND.day, spend.day, SPEND.dayTokens, string.format('%.0f', spend.dayTokens),
    SPEND.dayNano, string.format('%.0f', spend.dayNano), SPEND.dayUnpriced, spend.dayUnpriced,
    SPEND.month, spend.month, SPEND.monthNano, string.format('%.0f', spend.monthNano),
    SPEND.heldTokens, string.format('%.0f', spend.heldTokens),
    SPEND.heldNano, string.format('%.0f', spend.heldNano))
end

-- Adds what was spent, and changes what is reserved.
local function charge(spend, tokens, nano, unpriced, heldTokens, heldNano)
  spend.dayTokens = spend.dayTokens + tokens
  spend.dayNano = spend.dayNano + nano
  spend.dayUnpriced = spend.dayUnpriced + unpriced
  spend.monthNano = spend.monthNano + nano
  spend.heldTokens = math.max(0, spend.heldTokens + heldTokens)
  spend.heldNano = math.max(0, spend.heldNano + heldNano)
end

-- Notes the levels that limits have reached in their day or month, each once, and adds them to `notices`.
local function tell(key, scope, budget, spend, now, notices)
  for _, limit in ipairs(limitsOf(budget, spend)) do
    local level = limit.used >= limit.most and 100 or limit.used >= SHARE_TOLD * limit.most and 80 or 0
    if level > 0 then
      local told = redis.call('HGET', key, TOLD .. limit.name) or ''
      local period, before, most = string.match(told, '^(%d+):(%d+):([^:]+):')
      local isTold = tonumber(period) == limit.period and tonumber(most) == limit.most
        and tonumber(before) >= level
      if not isTold then
        redis.call('HSET', key, TOLD .. limit.name,
          string.format('%d:%d:%.0f:%.0f', limit.period, level, limit.most, now))
        for _, part in ipairs({ scope, limit.name, tostring(level), string.format('%.0f', limit.used),
          string.format('%.0f', limit.most) }) do notices[#notices + 1] = part end
      end
    end
  end
end
