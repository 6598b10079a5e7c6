-- Erases an ended task and all its data in the shard, in one step. Also erases the remains of an expired
-- task, and what the shard has of a task in the archive, whose job is gone. A task that expires leaves its
-- callback delivery if that is pending, so that its end is logged.
--
-- @include ../redis/stored-row.lua
-- @include ../queue/task-index.lua
-- @include ../queue/conversation-order.lua
-- @import { ALL_AGENTS, PLACES } from '../redis/keys.js'
-- @import { EVENTS } from '../queue/burst.js'
-- @returns 'erased' | 'unknown' | 'open'

local job = KEYS[1] -- the task's job
local lock = KEYS[2] -- the lock of the worker that runs it
local log = KEYS[3] -- the task's journal
local files = KEYS[4] -- the task's files
local completed = KEYS[5] -- jobs that succeeded
local failed = KEYS[6] -- jobs that failed
local ended = KEYS[7] -- tasks whose end is still to be delivered
local ids = KEYS[8] -- all task ids
local given = KEYS[9] -- tasks with the same idempotency key
local delivery = KEYS[10] -- its callback delivery
local deliveries = KEYS[11] -- its agent's delivery log
local pending = KEYS[12] -- number of pending deliveries by agent
local moving = KEYS[13] -- tasks that are being moved into the archive
local id = ARGV[1] -- the task's id
local root = ARGV[2] -- prefix of all keys of the shard
local prefix = ARGV[3] -- prefix of the jobs' keys
local agent = ARGV[4] -- its agent's id, or an id that no agent has
local member = ARGV[5] -- the delivery's member in its agent's log
local expires = ARGV[6] == '1' -- whether nobody asked for it
local keepsTurn = ARGV[7] == '1' -- whether its turn in a conversation stays
local archived = ARGV[8] -- of a task in the archive: its agent, conversation and idempotency keys, as JSON

local row = redis.call('HMGET', job, 'timestamp', 'finishedOn', 'deid')
if row[1] and not row[2] then return 'open' end
for _, scope in ipairs({ ALL_AGENTS, agent }) do
  for _, status in ipairs({ 'SUCCESS', 'FAILURE' }) do
    redis.call('ZREM', root .. PLACES.index .. scope .. ':' .. status, id)
  end
end
local own = { root .. PLACES.expiring, root .. PLACES.emptying }
for _, set in ipairs({ completed, failed, ended, ids, unpack(own) }) do redis.call('ZREM', set, id) end
redis.call('SREM', given, id)
local once = row[3] and prefix .. 'de:' .. row[3]
if once and redis.call('GET', once) == id then redis.call('DEL', once) end
local isPending = redis.call('HGET', delivery, 'status') == 'pending'
if not (isPending and expires) then
  if isPending and redis.call('HINCRBY', pending, agent, -1) <= 0 then redis.call('HDEL', pending, agent) end
  redis.call('ZREM', deliveries, member)
  redis.call('UNLINK', delivery)
end
-- What the archive may have of a task that was erased goes too (erase.ts, archiving/move-ended.ts).
if expires then redis.call('HDEL', moving, id) end
redis.call('HDEL', root .. PLACES.refusedTasks, id)
local stored = archived ~= '' and cjson.decode(archived) or {}
for _, name in ipairs(stored.once or {}) do
  local value = redis.call('GET', prefix .. 'de:' .. name)
  if value and string.sub(value, 1, #id + 1) == id .. ' ' then redis.call('DEL', prefix .. 'de:' .. name) end
end
local about = aboutOf(job) or stored
if about.conversation and not keepsTurn then
  local at = conversationAt(root, about.conversation)
  redis.call('ZREM', at.tasks, id)
  redis.call('HDEL', at.turns, id)
  if redis.call('EXISTS', at.tasks) == 0 then
    redis.call('UNLINK', at.about, at.turns)
    for _, scope in ipairs({ ALL_AGENTS, about.agent }) do
      redis.call('ZREM', root .. PLACES.conversations .. scope, about.conversation)
    end
  end
end
for _, event in ipairs(redis.call('LRANGE', job .. EVENTS, 0, -1)) do
  local meta = objectIn(string.match(event, '^[^\n]*')) or {}
  local name = meta.once and prefix .. 'de:' .. meta.once
  if name and redis.call('GET', name) == id then redis.call('DEL', name) end
  if meta.keyHash then redis.call('SREM', root .. PLACES.keys .. meta.keyHash, id) end
end
redis.call('UNLINK', job, lock, log, files, job .. EVENTS)
return row[1] and 'erased' or 'unknown'
