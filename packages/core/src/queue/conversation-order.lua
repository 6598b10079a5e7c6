-- The order of a conversation's tasks. An open task of a conversation is either in `running`, and has its
-- turn, or in `waiting`: then its job is parked in BullMQ's delayed set. The script that ends a task passes
-- its turn on, so no task waits for a process that died.
--
-- @include ./turns.lua
-- @import { PLACES } from '../redis/keys.js'
-- @import { CONVERSATION, CONVERSATION_PARTS } from './conversation.js'
-- @import { DELAYED_SCORE_UNIT, PARKED_UNTIL_MS } from './parked.js'

-- The keys of a conversation, by name.
local function conversationAt(root, conversation)
  local about = root .. PLACES.conversation .. conversation
  return {
    about = about,
    tasks = about .. CONVERSATION_PARTS.tasks,
    turns = about .. CONVERSATION_PARTS.turns,
    waiting = about .. CONVERSATION_PARTS.waiting,
    running = about .. CONVERSATION_PARTS.running,
  }
end

-- Puts a parked job into the line of waiting jobs, in turns with the tasks of other agents.
local function callToLine(prefix, id)
  local line = prefix .. 'prioritized'
  local priority = currentTurn(line)
  redis.call('HSET', prefix .. id, 'priority', priority)
  redis.call('ZADD', line, scoreOf(priority, redis.call('INCR', prefix .. 'pc')), id)
  redis.call('ZADD', prefix .. 'marker', 0, '0')
end

-- Lets a conversation expire, unless it has open tasks.
local function keepOrExpire(at)
  local isOpen = redis.call('EXISTS', at.running, at.waiting) > 0
  local ttl = redis.call('HGET', at.about, CONVERSATION.ttl)
  for _, key in ipairs({ at.about, at.tasks, at.turns }) do
    if isOpen or not ttl then redis.call('PERSIST', key) else redis.call('PEXPIRE', key, ttl) end
  end
end

-- Whether a job exists and has not ended.
local function isOpen(job)
  local row = redis.call('HMGET', job, 'timestamp', 'finishedOn')
  return row[1] and not row[2]
end

-- Gives the turn to the first waiting task, if no task has it.
local function passTurn(prefix, at)
  while redis.call('EXISTS', at.running) == 0 do
    local id = redis.call('ZRANGE', at.waiting, 0, 0)[1]
    if not id then break end
    local due = redis.call('ZSCORE', prefix .. 'delayed', id)
    if due and tonumber(due) >= PARKED_UNTIL_MS * DELAYED_SCORE_UNIT then
      redis.call('ZREM', at.waiting, id)
      redis.call('ZREM', prefix .. 'delayed', id)
      redis.call('SADD', at.running, id)
      callToLine(prefix, id)
    elseif isOpen(prefix .. id) then
      -- It comes to a worker by itself, and takes its turn there (start.lua).
      break
    else
      redis.call('ZREM', at.waiting, id)
    end
  end
  keepOrExpire(at)
end

-- Takes a task that has ended or is removed out of its conversation.
local function leaveConversation(root, prefix, about, id)
  if not about or not about.conversation then return end
  local at = conversationAt(root, about.conversation)
  redis.call('ZREM', at.waiting, id)
  redis.call('SREM', at.running, id)
  passTurn(prefix, at)
end
