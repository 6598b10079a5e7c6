-- Reads an agent's gate, and Redis's clock in ms; null for an unknown agent.
--
-- @include ../redis/clock.lua
-- @import { AGENT } from '../agents/agent-hash.js'
-- @returns [gate: string, now: number] | null

local agent = KEYS[1] -- the agent's hash

local gate = redis.call('HGET', agent, AGENT.gate)
if not gate then return nil end
return { gate, nowMs() }
