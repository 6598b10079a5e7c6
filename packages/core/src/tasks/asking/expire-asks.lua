-- Ends the asks of a running task that nobody has decided in time, by Redis's clock. Does nothing if
-- another worker holds the task. Returns how many it has ended.
--
-- @include ../../redis/arguments.lua
-- @include ../../redis/clock.lua
-- @include ../../queue/asks.lua
-- @returns number

local log = KEYS[1] -- the task's journal
local lock = KEYS[2] -- the worker's lock on its job
local events = KEYS[3] -- BullMQ's event stream
local job = KEYS[4] -- the task's job
local asking = KEYS[5] -- all asks of the shard, by when they were asked
local id = ARGV[1] -- the task's id
local token = ARGV[2] -- the caller's lock token
local ends = records(ARGV, 3, { -- the asks that may have expired
  'call', -- the call's id
  'entry', -- the entry that ends it, as JSON
})

if redis.call('GET', lock) ~= token then return 0 end
local asks, now, ended = asksOf(job), nowMs(), 0
local at = { job = job, log = log, events = events, asking = asking }
for _, one in ipairs(ends) do
  for nth, ask in ipairs(asks) do
    if ask.call == one.call and ask.expires <= now then
      settleAsk(id, asks, nth, one.entry, at)
      ended = ended + 1
      break
    end
  end
end
return ended
