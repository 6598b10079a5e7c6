-- The journal entry of an open ask of a task, as JSON, whether the task exists and has ended, and its
-- options.
--
-- @include ../../queue/asks.lua
-- @import { OPTIONS_FIELD } from '../../queue/job.js'
-- @returns [state: 'unknown' | 'open' | 'ended', entry: string | null, options: string | null]

local job = KEYS[1] -- the task's job
local log = KEYS[2] -- the task's journal
local call = ARGV[1] -- the call's id

local row = redis.call('HMGET', job, 'timestamp', 'finishedOn', OPTIONS_FIELD)
if not row[1] then return { 'unknown', false, false } end
if row[2] then return { 'ended', false, false } end
for _, ask in ipairs(asksOf(job)) do
  if ask.call == call then
    local found = redis.call('XRANGE', log, ask.entry, ask.entry)[1]
    return { 'open', found and found[2][2] or false, row[3] }
  end
end
return { 'open', false, row[3] }
