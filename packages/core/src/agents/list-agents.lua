-- A page of agents with their configurations, newest first, limited by number and by size in bytes, but at
-- least one. Returns whether more follow.
--
-- @import { AGENT } from './agent-hash.js'
-- @returns [rows: [id: string, hash: string[]][], more: 0 | 1]

local agents = KEYS[1] -- ids of all agents
local prefix = ARGV[1] -- prefix of the agents' keys
local from = ARGV[2] -- where the page begins: the upper bound of ZREVRANGEBYLEX
local limit = tonumber(ARGV[3]) -- maximum number of agents
local mostBytes = tonumber(ARGV[4]) -- maximum size of their configurations, bytes

local ids = redis.call('ZREVRANGEBYLEX', agents, from, '-', 'LIMIT', 0, limit + 1)
local page, bytes = {}, 0
for _, id in ipairs(ids) do
  bytes = bytes + redis.call('HSTRLEN', prefix .. id, AGENT.current)
  if #page == limit or (#page > 0 and bytes > mostBytes) then return { page, 1 } end
  page[#page + 1] = { id, redis.call('HGETALL', prefix .. id) }
end
return { page, 0 }
