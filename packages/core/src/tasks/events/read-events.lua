-- Reads the state of a task, BullMQ's count of its starts, and the next page of its journal, in one step, so
-- that a final state comes with the complete journal. Reads at least one entry of any size. Returns whether
-- more entries follow.
--
-- @include ../../redis/packed-size.lua
-- @include ../read-state.lua
-- @returns [state: (string | null)[], starts: string | null, entries: [string, string][], more: 0 | 1]

local job = KEYS[1] -- the task's job
local delayed = KEYS[2] -- delayed jobs
local log = KEYS[3] -- the task's journal
local id = ARGV[1] -- the task's id
local from = ARGV[2] -- where the page begins: the lower bound of XRANGE
local limit = tonumber(ARGV[3]) -- maximum number of entries
local mostBytes = tonumber(ARGV[4]) -- maximum size of the entries, bytes

local entries = redis.call('XRANGE', log, from, '+', 'COUNT', limit)
local page, bytes = {}, 0
for _, entry in ipairs(entries) do
  bytes = bytes + sizeOf(entry[2][2])
  if #page > 0 and bytes > mostBytes then break end
  page[#page + 1] = { entry[1], entry[2][2] }
end
local more = (#page < #entries or #entries == limit) and 1 or 0
return { readState(job, delayed, log, id), redis.call('HGET', job, 'ats'), page, more }
