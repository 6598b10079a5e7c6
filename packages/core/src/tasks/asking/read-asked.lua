-- What a task asks, by the id of its journal entry: the entry as JSON and the task's options; the entry is
-- null once it was decided or the task has ended.
--
-- @include ../../queue/asks.lua
-- @import { OPTIONS_FIELD } from '../../queue/job.js'
-- @returns [entry: string | null, options: string | null]

local job = KEYS[1] -- the task's job
local log = KEYS[2] -- the task's journal
local place = ARGV[1] -- the id of the entry

local row = redis.call('HMGET', job, OPTIONS_FIELD, 'finishedOn')
if not row[1] or row[2] then return { false, row[1] } end
for _, ask in ipairs(asksOf(job)) do
  if ask.entry == place then
    local found = redis.call('XRANGE', log, place, place)[1]
    return { found and found[2][2] or false, row[1] }
  end
end
return { false, row[1] }
