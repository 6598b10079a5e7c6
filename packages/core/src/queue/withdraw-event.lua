-- Withdraws an event of a burst whose sender was told that it is not stored. Returns 0 if the task has
-- started, or the event is its only one.
--
-- @import { EVENTS } from './burst.js'
-- @import { FIRST_STARTED_FIELD } from './job.js'
-- @returns 0 | 1

local joined = KEYS[1] -- says which task the event joined; missing for the first event of a task
local eventId = ARGV[1] -- the event's id
local prefix = ARGV[2] -- prefix of the queue's keys

local id = redis.call('GET', joined) or eventId
local job, list = prefix .. id, prefix .. id .. EVENTS
local row = redis.call('HMGET', job, FIRST_STARTED_FIELD, 'finishedOn')
local events = redis.call('LRANGE', list, 0, -1)
if row[1] or row[2] or #events < 2 then return 0 end
for n, event in ipairs(events) do
  local stop = string.find(event, '\n', 1, true)
  local meta = cjson.decode(string.sub(event, 1, stop - 1))
  if meta.id == eventId then
    redis.call('LREM', list, 1, event)
    if n == #events then
      local before = events[n - 1]
      redis.call('HSET', job, 'data', string.sub(before, string.find(before, '\n', 1, true) + 1))
    end
    local once = meta.once and prefix .. 'de:' .. meta.once
    if once and redis.call('GET', once) == id then redis.call('DEL', once) end
    redis.call('DEL', joined)
    return 1
  end
end
return 0
