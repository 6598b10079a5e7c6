-- The journal entry of an open ask of a task, as JSON, and whether the task exists and has ended.
--
-- @include ../../queue/asks.lua
-- @returns [state: 'unknown' | 'open' | 'ended', entry: string | null]

local job = KEYS[1] -- the task's job
local log = KEYS[2] -- the task's journal
local call = ARGV[1] -- the call's id

local row = redis.call('HMGET', job, 'timestamp', 'finishedOn')
if not row[1] then return { 'unknown', false } end
if row[2] then return { 'ended', false } end
for _, ask in ipairs(asksOf(job)) do
  if ask.call == call then
    local found = redis.call('XRANGE', log, ask.entry, ask.entry)[1]
    return { 'open', found and found[2][2] or false }
  end
end
return { 'open', false }
