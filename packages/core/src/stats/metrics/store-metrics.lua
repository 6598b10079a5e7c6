-- Adds what a process has counted to the counters of all, and stores its load. Only so many agents, models
-- and tools have counters of their own; further ones share `other`.
--
-- @include ../../redis/arguments.lua
-- @import { MOST_FIELDS, MOST_VALUES, OTHER } from './definitions.js'
-- @returns null

local counters = KEYS[1] -- the counters by name and labels
local agents = KEYS[2] -- agents with counters of their own
local models = KEYS[3] -- the same of models
local tools = KEYS[4] -- the same of tools
local load = KEYS[5] -- what this process is doing
local text = ARGV[1] -- its load, as JSON
local aliveMs = tonumber(ARGV[2]) -- how long it counts as alive, ms
local increments = records(ARGV, 3, { -- what it has counted
  'bound', -- what bounds the first label: 'agent', 'model', 'tool', or '' for nothing
  'name', -- the metric, followed by a tab
  'first', -- the first label
  'rest', -- the other labels and the place, each after a tab
  'by', -- the increment
})

local sets = {
  agent = { key = agents, most = MOST_VALUES.agent },
  model = { key = models, most = MOST_VALUES.model },
  tool = { key = tools, most = MOST_VALUES.tool },
}
local isFull = redis.call('HLEN', counters) >= MOST_FIELDS

local function bounded(bound, value)
  local set = sets[bound]
  if not set or value == OTHER or redis.call('SISMEMBER', set.key, value) == 1 then return value end
  if isFull or redis.call('SCARD', set.key) >= set.most then return OTHER end
  redis.call('SADD', set.key, value)
  return value
end

for _, one in ipairs(increments) do
  redis.call('HINCRBY', counters, one.name .. bounded(one.bound, one.first) .. one.rest, one.by)
end
redis.call('SET', load, text, 'PX', aliveMs)
