-- Deletes an agent and everything that belongs to it, including its tokens and documents. All keys share a
-- hash slot. Returns whether the agent existed.
--
-- @include ../redis/arguments.lua
-- @import { AGENT } from './agent-hash.js'
-- @returns 0 | 1

local agent = KEYS[1] -- the agent's hash
local agents = KEYS[2] -- ids of all agents
local documents = KEYS[3] -- its documents by id
local schedules = KEYS[4] -- the states of its schedules by id
local due = KEYS[5] -- the schedules of all agents by when a worker must look at them
local budgeted = KEYS[6] -- agents with a budget
local others = rest(KEYS, 7) -- the other keys of the agent
local id = ARGV[1] -- the agent's id
local tokenPrefix = ARGV[2] -- prefix of the tokens' keys
local textPrefix = ARGV[3] -- prefix of the keys of its documents' texts
local indexPrefix = ARGV[4] -- prefix of the keys of its documents' indexes

if redis.call('EXISTS', agent) == 0 then return 0 end
for _, hash in ipairs(redis.call('HMGET', agent, AGENT.tokenHash, AGENT.previousHash)) do
  if hash then redis.call('DEL', tokenPrefix .. hash) end
end
redis.call('ZREM', agents, id)
redis.call('ZREM', budgeted, id)
redis.call('DEL', agent)
for _, document in ipairs(redis.call('HKEYS', documents)) do
  redis.call('UNLINK', textPrefix .. document, indexPrefix .. document)
end
for _, schedule in ipairs(redis.call('HKEYS', schedules)) do
  redis.call('ZREM', due, id .. ':' .. schedule)
end
redis.call('UNLINK', documents, schedules, unpack(others))
return 1
