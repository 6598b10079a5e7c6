-- Reads the texts of ended tasks that are not stored as one yet: those of the first tasks, up to a number of
-- bytes, of at least one. `read` is how many tasks were looked at. A task is its position, whether it
-- succeeded, its result, its data and its journal, which is null if it is too large to be one text with the
-- others.
--
-- @include ../../redis/arguments.lua
-- @include ../../redis/packed-size.lua
-- @returns [read: number, tasks: [number, 0 | 1, string, string, [string, string][] | null][]]

local mostBytes = tonumber(ARGV[1]) -- maximum size of all texts, bytes
local mostOfTask = tonumber(ARGV[2]) -- maximum size of the texts of one task, bytes
local jobs = rest(KEYS, 1) -- for each task its job and its journal

local function journal(log, room)
  local from, rows, bytes = '-', {}, 0
  repeat
    local page = redis.call('XRANGE', log, from, '+', 'COUNT', 50)
    for _, entry in ipairs(page) do
      bytes = bytes + sizeOf(entry[2][2])
      if bytes > room then return false, 0 end
      rows[#rows + 1] = { entry[1], entry[2][2] }
      from = '(' .. entry[1]
    end
  until #page < 50
  return rows, bytes
end

local tasks, total = {}, 0
for at = 1, #jobs, 2 do
  local row = redis.call('HMGET', jobs[at], 'finishedOn', 'data', 'returnvalue', 'failedReason')
  local result = row[3] or row[4]
  if row[1] and row[2] and result then
    local bytes = sizeOf(row[2]) + #result
    local log, more = journal(jobs[at + 1], mostOfTask - bytes)
    total = total + bytes + more
    if #tasks > 0 and total > mostBytes then return { (at - 1) / 2, tasks } end
    tasks[#tasks + 1] = { (at - 1) / 2, row[3] and 1 or 0, result, row[2], log }
  end
end
return { #jobs / 2, tasks }
