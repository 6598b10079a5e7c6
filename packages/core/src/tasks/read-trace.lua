-- Reads all that is stored of a task in one step: its state, its data, its replays and continuations, and the
-- entries of its journal up to a number of bytes, at least one; and what is known of the files that its run
-- has fetched. Returns whether more entries follow.
--
-- @include ../redis/packed-size.lua
-- @include ./read-state.lua
-- @import { ATTACHED_FIELD, CONTINUED_BY_FIELD, REPLAYS_FIELD } from '../queue/job.js'
-- @returns [state: (string | null)[], string | null, (string | null)[], string[], more: 0 | 1]

local job = KEYS[1] -- the task's job
local delayed = KEYS[2] -- delayed jobs
local log = KEYS[3] -- the task's journal
local id = ARGV[1] -- the task's id
local mostBytes = tonumber(ARGV[2]) -- maximum size of the entries, bytes

local from, entries, bytes, more = '-', {}, 0, 0
repeat
  local page = redis.call('XRANGE', log, from, '+', 'COUNT', 50)
  for _, entry in ipairs(page) do
    bytes = bytes + sizeOf(entry[2][2])
    if #entries > 0 and bytes > mostBytes then more = 1 break end
    entries[#entries + 1] = entry[2][2]
    from = '(' .. entry[1]
  end
until more == 1 or #page < 50
local row = redis.call('HMGET', job, 'data', REPLAYS_FIELD, CONTINUED_BY_FIELD, ATTACHED_FIELD)
return { readState(job, delayed, log, id), row[1], { row[2], row[3], row[4] }, entries, more }
