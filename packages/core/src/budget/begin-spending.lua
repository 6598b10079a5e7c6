-- Makes the counters of a day and a month hold at least what is known to be spent in them.
--
-- @include ../redis/clock.lua
-- @include ./budget.lua
-- @include ./charge.lua
-- @import { SPEND } from '../queue/spend-hash.js'
-- @returns null

local key = KEYS[1] -- what the agent or the installation spends
local dayTokens = tonumber(ARGV[1]) -- what this day's ended tasks have used, in tokens
local dayNano = tonumber(ARGV[2]) -- what they have cost, in billionths of a dollar
local monthNano = tonumber(ARGV[3]) -- what this month's ended tasks have cost

local spend = spendAt(key, nowMs())
spend.dayTokens = math.max(spend.dayTokens, dayTokens)
spend.dayNano = math.max(spend.dayNano, dayNano)
spend.monthNano = math.max(spend.monthNano, monthNano)
writeSpend(key, spend)
redis.call('HSET', key, SPEND.begun, '1')
