-- Notes the deliveries that tell of a task's asks, so that they go when the task is erased. Does nothing
-- for a task that no longer exists.
--
-- @include ../../redis/arguments.lua
-- @import { TOLD_FIELD } from '../../queue/job.js'
-- @returns 0 | 1

local job = KEYS[1] -- the task's job
local ids = rest(ARGV, 1) -- the ids of the deliveries

if redis.call('EXISTS', job) == 0 then return 0 end
local known = redis.call('HGET', job, TOLD_FIELD) or ''
for _, id in ipairs(ids) do
  if not string.find(known, id, 1, true) then known = known == '' and id or known .. ' ' .. id end
end
redis.call('HSET', job, TOLD_FIELD, known)
return 1
