-- Removes a task that the archive has, in one step, with its place in the index. Leaves what outlives it:
-- its delivery, its turn in a conversation, and its idempotency keys, which from now on say how a retry is
-- checked without the task. Returns 'changed' if the task is not as it was stored, 'gone' if it was erased
-- meanwhile, 'taken' if another process moves it now.
--
-- @include ../queue/task-index.lua
-- @import { ALL_AGENTS, PLACES } from '../redis/keys.js'
-- @import { EVENTS } from '../queue/burst.js'
-- @import { CONTINUED_BY_FIELD, REPLAYS_FIELD } from '../queue/job.js'
-- @returns 'moved' | 'changed' | 'gone' | 'taken'

local job = KEYS[1] -- the task's job
local log = KEYS[2] -- the task's journal
local files = KEYS[3] -- the task's files
local completed = KEYS[4] -- jobs that succeeded
local failed = KEYS[5] -- jobs that failed
local ids = KEYS[6] -- all task ids
local moving = KEYS[7] -- tasks that are being moved, and the turn of the process that does it
local id = ARGV[1] -- the task's id
local root = ARGV[2] -- prefix of all keys of the shard
local prefix = ARGV[3] -- prefix of the jobs' keys
local size = tonumber(ARGV[4]) -- how many fields the stored job has
local successors = ARGV[5] -- its replays and continuations, as stored
local once = ARGV[6] -- its idempotency keys: a JSON array of name, and hash of the body
local hashes = ARGV[7] -- the hashes of the keys to show: a JSON array
local turn = ARGV[8] -- the number of this turn

if redis.call('HGET', moving, id) ~= turn then return 'taken' end
local row = redis.call('HMGET', job, 'finishedOn', REPLAYS_FIELD, CONTINUED_BY_FIELD)
if not row[1] then return 'gone' end
local known = (row[2] or '') .. ' ' .. (row[3] or '')
if redis.call('HLEN', job) ~= size or known ~= successors then return 'changed' end
local about = aboutOf(job)
for _, scope in ipairs({ ALL_AGENTS, about.agent }) do
  for _, status in ipairs({ 'SUCCESS', 'FAILURE' }) do
    redis.call('ZREM', root .. PLACES.index .. scope .. ':' .. status, id)
  end
end
for _, set in ipairs({ completed, failed, ids, root .. PLACES.expiring }) do redis.call('ZREM', set, id) end
for _, hash in ipairs(cjson.decode(hashes)) do redis.call('SREM', root .. PLACES.keys .. hash, id) end
for _, pair in ipairs(cjson.decode(once)) do
  local name = prefix .. 'de:' .. pair[1]
  if redis.call('GET', name) == id then redis.call('SET', name, id .. ' ' .. pair[2], 'KEEPTTL') end
end
local due = redis.call('ZSCORE', root .. PLACES.blobs, id)
if due then
  redis.call('ZREM', root .. PLACES.blobs, id)
  redis.call('ZADD', root .. PLACES.archivedBlobs, due, id)
end
redis.call('UNLINK', job, log, files, job .. EVENTS)
redis.call('HDEL', moving, id)
redis.call('HDEL', root .. PLACES.refusedTasks, id)
return 'moved'
