-- Appends a decision to a task's journal and, if the task is parked for it, calls the task back to the
-- front of the queue, in one step. Only the first decision about an ask does anything, and none after it
-- has expired.
--
-- @include ../../redis/clock.lua
-- @include ../../queue/asks.lua
-- @returns 'decided' | 'not_open' | 'expired'

local job = KEYS[1] -- the task's job
local log = KEYS[2] -- the task's journal
local events = KEYS[3] -- BullMQ's event stream
local asking = KEYS[4] -- all asks of the shard, by when they were asked
local delayed = KEYS[5] -- delayed jobs
local wait = KEYS[6] -- waiting jobs without a priority
local marker = KEYS[7] -- the key on which workers block
local id = ARGV[1] -- the task's id
local call = ARGV[2] -- the call's id
local entry = ARGV[3] -- the decision, as JSON

local asks = asksOf(job)
local nth
for n, ask in ipairs(asks) do
  if ask.call == call then nth = n end
end
if not nth then return 'not_open' end
if asks[nth].expires <= nowMs() then return 'expired' end
settleAsk(id, asks, nth, entry, { job = job, log = log, events = events, asking = asking })
callAsker(job, id, delayed, wait, marker)
return 'decided'
