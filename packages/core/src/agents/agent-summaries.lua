-- What lists show of agents that are named: version, summary, and the fields that change without a save. A
-- summary of another version is left out, as is one that is missing. Agents that do not exist are left out.
--
-- @include ../redis/arguments.lua
-- @import { AGENT } from './agent-hash.js'
-- @returns [id: string, version: string, summary: string | null][]

local agents = rest(KEYS, 1) -- the agents' hashes
local ids = rest(ARGV, 1) -- their ids, in the same order

local rows = {}
for n, agent in ipairs(agents) do
  local row = redis.call('HMGET', agent, AGENT.version, AGENT.summary)
  if row[1] then rows[#rows + 1] = { ids[n], row[1], row[2] } end
end
return rows
