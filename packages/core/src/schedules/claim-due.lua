-- Claims schedules that are due, and hides them from other processes for a while, in one step. Returns
-- Redis's clock in ms, when the next one is due (-1: none), and for each claimed schedule its member of the
-- set with its agent's version and its own state; null for one that no longer exists, which leaves the set.
--
-- @include ../redis/clock.lua
-- @import { AGENT } from '../agents/agent-hash.js'
-- @returns [now: number, next: number, ...[member: string, version: string | null, state: string | null][]]

local due = KEYS[1] -- the schedules of all agents by when a worker must look at them
local prefix = ARGV[1] -- prefix of the agents' keys
local most = ARGV[2] -- maximum number of schedules
local claimMs = tonumber(ARGV[3]) -- how long they are hidden from others, ms

local now = nowMs()
local rows = {}
for n, member in ipairs(redis.call('ZRANGE', due, '-inf', now, 'BYSCORE', 'LIMIT', 0, most)) do
  local id, schedule = string.match(member, '^(.-):(.*)$')
  local version = redis.call('HGET', prefix .. id, AGENT.version)
  local state = redis.call('HGET', prefix .. id .. ':schedules', schedule)
  if version and state then redis.call('ZADD', due, 'XX', now + claimMs, member)
  else redis.call('ZREM', due, member) end
  rows[n] = { member, version, state }
end
local first = redis.call('ZRANGE', due, 0, 0, 'WITHSCORES')
return { now, first[2] and math.floor(tonumber(first[2])) or -1, unpack(rows) }
