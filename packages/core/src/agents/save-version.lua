-- Saves a version if the agent is at the expected one, and changes the agent's schedules in the same step.
-- Drops the oldest versions beyond a number or a total size, except those that open tasks need. Returns 0 if
-- the agent is at another version or a schedule has moved on, 2 if the callback's secret was stored, 3 if
-- open tasks need too many versions, else 1. After 1 and 2 follow the fields and values of the agent's hash
-- as this step has written it.
--
-- @include ../redis/arguments.lua
-- @import { AGENT } from './agent-hash.js'
-- @import { SPEND } from '../queue/spend-hash.js'
-- @returns [outcome: 0 | 1 | 2 | 3, ...hash: string[]]

local agent = KEYS[1] -- the agent's hash
local versions = KEYS[2] -- the agent's versions by number
local agents = KEYS[3] -- ids of all agents
local rows = KEYS[4] -- the rows that lists show, by version number
local schedules = KEYS[5] -- the states of the agent's schedules by id
local due = KEYS[6] -- the schedules of all agents by when a worker must look at them
local budgeted = KEYS[7] -- agents with a budget
local spend = KEYS[8] -- what the agent spends
local retentionChanges = KEYS[9] -- agents whose retention has changed: the version and the days
local id = ARGV[1] -- the agent's id
local expected = ARGV[2] -- the version that the agent must be at; 0: it must not exist
local version = ARGV[3] -- the number of the new version
local current = ARGV[4] -- the new configuration with its times, as JSON
local gate = ARGV[5] -- the gate, as JSON
local snapshot = ARGV[6] -- the new version, as JSON
local row = ARGV[7] -- the new version's row for lists, as JSON
local url = ARGV[8] -- the callback's URL; '' for none
local secrets = ARGV[9] -- the callback's sealed secret
local replaces = ARGV[10] == '1' -- whether the secret replaces a stored one
local named = ARGV[11] == '1' -- whether the request contains a callback
local most = tonumber(ARGV[12]) -- maximum number of versions
local mostBytes = tonumber(ARGV[13]) -- maximum size of the versions, bytes
local mostHeld = tonumber(ARGV[14]) -- maximum number of versions kept for open tasks
local changes = ARGV[15] -- the changes of its schedules (ScheduleChange), as a JSON array; '' for none
local summary = ARGV[16] -- what lists show of the agent, as JSON
local hasBudget = ARGV[17] == '1' -- whether it has a budget
local days = ARGV[18] -- how long its ended tasks are kept, days; '' if it does not say
local held = rest(ARGV, 19) -- numbers of the versions that open tasks need

local function written(outcome) return { outcome, unpack(redis.call('HGETALL', agent)) } end

if (redis.call('HGET', agent, AGENT.version) or '0') ~= expected then return { 0 } end
local scheduled = changes == '' and {} or cjson.decode(changes)
for _, one in ipairs(scheduled) do
  if (redis.call('HGET', schedules, one.id) or '') ~= one.known then return { 0 } end
end
local isHeld, count, bytes = {}, 0, #snapshot
for _, number in ipairs(held) do
  local size = redis.call('HSTRLEN', versions, number)
  if size > 0 then isHeld[number], count, bytes = true, count + 1, bytes + size end
end
if count > mostHeld or (count > 0 and bytes > mostBytes) then return { 3 } end
local kept = redis.call('HKEYS', versions)
table.sort(kept, function(a, b) return tonumber(a) > tonumber(b) end)
local places, isFull = most - 1, false
for _, old in ipairs(kept) do
  if not isHeld[old] then
    local size = redis.call('HSTRLEN', versions, old)
    isFull = isFull or places == 0 or bytes + size > mostBytes
    if isFull then
      redis.call('HDEL', versions, old)
      redis.call('HDEL', rows, old)
    else
      places, bytes = places - 1, bytes + size
    end
  end
end
redis.call('HSET', agent, AGENT.version, version, AGENT.current, current, AGENT.gate, gate,
  AGENT.summary, summary)
redis.call('HSET', versions, version, snapshot)
redis.call('HSET', rows, version, row)
redis.call('ZADD', agents, 0, id)
if (redis.call('HGET', agent, AGENT.retentionDays) or '') ~= days then
  if expected ~= '0' then redis.call('HSET', retentionChanges, id, version .. ' ' .. days) end
  if days == '' then redis.call('HDEL', agent, AGENT.retentionDays)
  else redis.call('HSET', agent, AGENT.retentionDays, days) end
end
if hasBudget then
  redis.call('ZADD', budgeted, 0, id)
else
  redis.call('ZREM', budgeted, id)
  redis.call('HDEL', spend, SPEND.begun)
end
for _, one in ipairs(scheduled) do
  local member = id .. ':' .. one.id
  if one.state == '' then redis.call('HDEL', schedules, one.id)
  else redis.call('HSET', schedules, one.id, one.state) end
  if one.score == '' then redis.call('ZREM', due, member) else redis.call('ZADD', due, one.score, member) end
end
if url == '' then
  redis.call('HDEL', agent, AGENT.callbackUrl, AGENT.callbackSecrets, AGENT.callbackDisabled,
    AGENT.callbackFailures)
  return written(1)
end
redis.call('HSET', agent, AGENT.callbackUrl, url)
if named then redis.call('HDEL', agent, AGENT.callbackDisabled, AGENT.callbackFailures) end
if not replaces and redis.call('HEXISTS', agent, AGENT.callbackSecrets) == 1 then return written(1) end
redis.call('HSET', agent, AGENT.callbackSecrets, secrets)
return written(2)
