-- A page of whole agents, newest first: up to a number and to a sum of bytes, at least one. Says whether
-- there are more.
--
-- @import { AGENT } from './agent-hash.js'
-- @returns [rows: [id: string, hash: string[]][], more: 0 | 1]

local agents = KEYS[1] -- ids of all agents
local prefix = ARGV[1] -- what agents' keys begin with
local from = ARGV[2] -- where the page begins, as the upper bound of ZREVRANGEBYLEX
local limit = tonumber(ARGV[3]) -- how many at most
local mostBytes = tonumber(ARGV[4]) -- how many bytes their configurations may have

local ids = redis.call('ZREVRANGEBYLEX', agents, from, '-', 'LIMIT', 0, limit + 1)
local page, bytes = {}, 0
for _, id in ipairs(ids) do
  bytes = bytes + redis.call('HSTRLEN', prefix .. id, AGENT.current)
  if #page == limit or (#page > 0 and bytes > mostBytes) then return { page, 1 } end
  page[#page + 1] = { id, redis.call('HGETALL', prefix .. id) }
end
return { page, 0 }
