-- The state of a task, BullMQ's count of its starts, and the next page of its log, in one step: a state that
-- has ended comes with all of its log. At least one entry is read, whatever its size. Says whether there are
-- more.
--
-- @include ../read-state.lua
-- @returns [state: (string | null)[], starts: string | null, entries: [string, string][], more: 0 | 1]

local job = KEYS[1] -- the task's job
local delayed = KEYS[2] -- jobs that wait for a time
local log = KEYS[3] -- the task's log
local id = ARGV[1] -- the task's id
local from = ARGV[2] -- where the page begins, as the lower bound of XRANGE
local limit = tonumber(ARGV[3]) -- how many entries at most
local mostBytes = tonumber(ARGV[4]) -- how many bytes they may have

local entries = redis.call('XRANGE', log, from, '+', 'COUNT', limit)
local page, bytes = {}, 0
for _, entry in ipairs(entries) do
  bytes = bytes + #entry[2][2]
  if #page > 0 and bytes > mostBytes then break end
  page[#page + 1] = { entry[1], entry[2][2] }
end
local more = (#page < #entries or #entries == limit) and 1 or 0
return { readState(job, delayed, id), redis.call('HGET', job, 'ats'), page, more }
