-- Wraps BullMQ's removeJob, as a separate command: withdraws a task that has not started, and removes it from
-- the index. A worker that has taken the task finds nothing to start (start.lua). Returns 0 if the task has
-- started or ended, or a retry was given its id.
--
-- @around
-- @include ./conversation-order.lua
-- @include ./task-index.lua
-- @import { ACKNOWLEDGED_FIELD, FIRST_STARTED_FIELD, NO_SENDER } from './job.js'
-- @import { PLACES } from '../redis/keys.js'

local job = KEYS[1] -- the task's job
local id = ARGV[1] -- the task's id
local prefix = ARGV[3] -- prefix of the queue's keys

local seen = redis.call('HMGET', job, FIRST_STARTED_FIELD, 'finishedOn', ACKNOWLEDGED_FIELD)
if seen[1] or seen[2] or seen[3] then return 0 end
redis.call('LREM', prefix .. 'active', -1, id)
redis.call('SREM', prefix .. 'stalled', id)
redis.call('DEL', job .. ':lock')
local about = aboutOf(job)
local created = redis.call('HGET', job, 'timestamp')
local result = bullmq()
if result == 1 and about then
  local root = rootOf(prefix)
  dropOpen(root, about, id)
  leaveConversation(root, prefix, about, id)
  redis.call('ZREM', root .. PLACES.ids, id)
  countTriggered(root, about.agent, created, -1)
  countSent(root, about.agent, about.sender or NO_SENDER, created, -1)
end
return result
