-- Makes the counters of a day and a month hold at least what is known to be spent in them.
--
-- @include ../redis/clock.lua
-- @include ./calendar.lua
-- @include ./budget.lua
-- @include ./charge.lua
-- @import { DAY_MS, SPEND } from '../queue/spend-hash.js'
-- @returns null

local key = KEYS[1] -- what the agent or the installation spends
local dayTokens = tonumber(ARGV[1]) -- what the day's ended tasks have used, in tokens
local dayNano = tonumber(ARGV[2]) -- what they have cost, in billionths of a dollar
local monthNano = tonumber(ARGV[3]) -- what the month's ended tasks have cost
local readMs = tonumber(ARGV[4]) -- when that was read, in ms; the day or the month may have ended since

local spend = spendAt(key, nowMs())
if spend.day == math.floor(readMs / DAY_MS) then
  spend.dayTokens = math.max(spend.dayTokens, dayTokens)
  spend.dayNano = math.max(spend.dayNano, dayNano)
end
if spend.month == monthOf(readMs) then spend.monthNano = math.max(spend.monthNano, monthNano) end
writeSpend(key, spend)
redis.call('HSET', key, SPEND.begun, '1')
