-- What a task asks for is a field of its job: one line for each ask, with its call id, when it expires in ms,
-- the id of its journal entry, its kind and its tool. A sorted set of the shard has all asks of people, for
-- lists. A task that was called (a child) is an ask of the kind `agent`, with its own id as the call id.
--
-- @import { ASKS_FIELD, DECIDED_FIELD, EVENT_STREAM_LENGTH } from './job.js'
-- @import { LOGGED_EVENT, LOG_ENTRY_FIELD, PARKED_FIELD } from './job.js'
-- @import { DELAYED_SCORE_UNIT } from './parked.js'

-- The asks of a task in the order of asking, each with its `line`, `call`, `expires` and `entry`.
local function asksOf(job)
  local found = {}
  local lines = redis.call('HGET', job, ASKS_FIELD) or ''
  for line, call, expires, entry in string.gmatch(lines, '((%S+) (%d+) (%S+) %S+ %S+)') do
    found[#found + 1] = { line = line, call = call, expires = tonumber(expires), entry = entry }
  end
  return found
end

local function storeAsks(job, asks)
  if #asks == 0 then return redis.call('HDEL', job, ASKS_FIELD) end
  local lines = {}
  for n, ask in ipairs(asks) do
    lines[n] = ask.line
  end
  redis.call('HSET', job, ASKS_FIELD, table.concat(lines, '\n'))
end

-- Adds entries to a task's journal, and wakes its readers. Returns the id of the last entry.
local function appendEntries(log, events, id, entries)
  local last
  for _, entry in ipairs(entries) do last = redis.call('XADD', log, '*', LOG_ENTRY_FIELD, entry) end
  redis.call('XADD', events, 'MAXLEN', '~', EVENT_STREAM_LENGTH, '*', 'event', LOGGED_EVENT, 'jobId', id)
  return last
end

-- How many entries of a journal the task's runs have written.
local function ownEntries(log, job)
  return redis.call('XLEN', log) - (tonumber(redis.call('HGET', job, DECIDED_FIELD)) or 0)
end

-- Ends an ask with a decision, an entry of the journal. `at` contains the keys by name.
local function settleAsk(id, asks, nth, entry, at)
  appendEntries(at.log, at.events, id, { entry })
  redis.call('HINCRBY', at.job, DECIDED_FIELD, 1)
  redis.call('ZREM', at.asking, id .. ' ' .. asks[nth].entry)
  table.remove(asks, nth)
  storeAsks(at.job, asks)
end

-- Calls a task that is parked for an ask back to the front of the queue. A task that runs, or waits for
-- something else, finds the end of the ask by itself.
local function callAsker(job, id, delayed, wait, marker)
  local parked = redis.call('HGET', job, PARKED_FIELD)
  local score = redis.call('ZSCORE', delayed, id)
  if not (parked and score and tonumber(score) == parked * DELAYED_SCORE_UNIT) then return end
  redis.call('ZREM', delayed, id)
  redis.call('HDEL', job, PARKED_FIELD)
  redis.call('RPUSH', wait, id)
  redis.call('ZADD', marker, 0, '0')
end

-- Removes the ask that is a child. Returns whether there was one.
local function dropChild(job, child)
  local asks = asksOf(job)
  for n, ask in ipairs(asks) do
    if ask.call == child then
      table.remove(asks, n)
      storeAsks(job, asks)
      return true
    end
  end
  return false
end

-- Lets the task that has called another one go on, because that one has ended.
local function endCall(prefix, parent, child)
  local job = prefix .. parent
  if not dropChild(job, child) then return end
  callAsker(job, parent, prefix .. 'delayed', prefix .. 'wait', prefix .. 'marker')
end

-- Forgets what a task waits for, because it has ended.
local function dropAsks(job, id, asking)
  local asks = asksOf(job)
  if #asks == 0 then return end
  for _, ask in ipairs(asks) do redis.call('ZREM', asking, id .. ' ' .. ask.entry) end
  redis.call('HDEL', job, ASKS_FIELD)
end
