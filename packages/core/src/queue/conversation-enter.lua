-- Lets a new task take part in a conversation.
--
-- @include ./conversation-order.lua
-- @include ./end-unheld.lua
-- @import { ALL_AGENTS, PLACES } from '../redis/keys.js'
-- @import { CONVERSATION, MAX_CONVERSATION_TASKS } from './conversation.js'
-- @import { CANCELLED_FIELD, FIRST_STARTED_FIELD, SUPERSEDED_FIELD, TELL_MS } from './job.js'

-- How many expired conversations one new task removes from a list at most.
local MOST_DROPPED = 3
-- How many open tasks one event ends at most.
local MOST_SUPERSEDED = 500

-- Adds a conversation to the lists, and removes the oldest entries of expired ones.
local function listConversation(root, agent, conversation, now)
  for _, scope in ipairs({ ALL_AGENTS, agent }) do
    local list = root .. PLACES.conversations .. scope
    for _, old in ipairs(redis.call('ZRANGE', list, 0, MOST_DROPPED - 1)) do
      if redis.call('EXISTS', root .. PLACES.conversation .. old) == 0 then redis.call('ZREM', list, old) end
    end
    redis.call('ZADD', list, now, conversation)
  end
end

-- The tasks that this script has superseded.
local superseded = {}

-- Ends an open task, because a newer one takes its place. A worker ends a task with a journal, because it can
-- tell what the task has done, and one that is not in the index yet (`isStored`).
local function supersede(root, prefix, id, isStored, now, failure)
  if superseded[id] then return end
  superseded[id] = true
  local job = prefix .. id
  local isHeld = redis.call('EXISTS', job .. ':lock') == 1
  if not isHeld and not isStored[id] and redis.call('HEXISTS', job, FIRST_STARTED_FIELD) == 0 then
    local from = takeOut(prefix, id)
    if from then return endUnheld(root, prefix, id, from, now, failure) end
  end
  if redis.call('HEXISTS', job, CANCELLED_FIELD) == 0 then redis.call('HSET', job, SUPERSEDED_FIELD, now) end
  markCancelled(root, prefix, id, now, TELL_MS)
  if not isHeld and redis.call('ZREM', prefix .. 'delayed', id) == 1 then callToLine(prefix, id) end
end

-- Takes tasks that no longer exist out of those that have the turn, until it meets one that is open. Looks at
-- no others, because a parallel conversation may have any number of them.
local function dropLost(prefix, at)
  for _ = 1, MOST_SUPERSEDED do
    local id = redis.call('SRANDMEMBER', at.running)
    if not id or isOpen(prefix .. id) then break end
    redis.call('SREM', at.running, id)
  end
end

-- Enters a task, in the way that `entry` says. Returns whether the task waits for its turn. One that collects
-- a burst waits for the end of its window. `isStored` has the ids of tasks that the same script has stored.
local function enterConversation(root, prefix, task, entry, isStored, collects, now)
  local at = conversationAt(root, entry.id)
  local arrival = redis.call('INCR', root .. PLACES.arrivals)
  if redis.call('HINCRBY', at.about, CONVERSATION.events, 1) == 1 then
    redis.call('HSET', at.about, CONVERSATION.agent, task.agent, CONVERSATION.key, entry.key,
      CONVERSATION.isTest, entry.isTest and '1' or '', CONVERSATION.created, now)
  end
  redis.call('HSET', at.about, CONVERSATION.updated, now, CONVERSATION.ttl, entry.ttlMs)
  listConversation(root, task.agent, entry.id, now)
  redis.call('ZADD', at.tasks, arrival, task.id)
  local excess = redis.call('ZCARD', at.tasks) - MAX_CONVERSATION_TASKS
  local beyond = excess > 0 and redis.call('ZPOPMIN', at.tasks, excess) or {}
  for n = 1, #beyond, 2 do redis.call('HDEL', at.turns, beyond[n]) end

  dropLost(prefix, at)
  if entry.whenBusy == 'supersede' then
    for _, id in ipairs(redis.call('ZRANGE', at.waiting, 0, MOST_SUPERSEDED - 1)) do
      supersede(root, prefix, id, isStored, now, entry.failure)
    end
    for _, id in ipairs(redis.call('SRANDMEMBER', at.running, MOST_SUPERSEDED)) do
      if isOpen(prefix .. id) then supersede(root, prefix, id, isStored, now, entry.failure)
      else redis.call('SREM', at.running, id) end
    end
  end
  local isBusy = collects or redis.call('EXISTS', at.running, at.waiting) > 0
  local waits = entry.whenBusy ~= 'parallel' and isBusy
  if waits then
    redis.call('ZADD', at.waiting, arrival, task.id)
  else
    redis.call('SADD', at.running, task.id)
  end
  keepOrExpire(at)
  return waits
end
