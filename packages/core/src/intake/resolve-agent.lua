-- Reads an agent's gate, and Redis's clock in ms, with the result of takeRate if a request is counted against
-- the agent's rate; null for an unknown agent.
--
-- @include ../redis/clock.lua
-- @include ./rate.lua
-- @import { AGENT } from '../agents/agent-hash.js'
-- @returns [gate: string, now: number, waitMs?: number, left?: number] | null

local agent = KEYS[1] -- the agent's hash
local rated = ARGV[1] == '1' -- whether to count a request against the agent's rate

local gate = redis.call('HGET', agent, AGENT.gate)
if not gate then return nil end
local now = nowMs()
if not rated then return { gate, now } end
return { gate, now, takeRate(agent, gate, now) }
