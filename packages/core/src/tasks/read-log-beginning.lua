-- The entries of a task's journal up to a number of bytes, at least one, and whether more follow.
--
-- @returns [entries: string[], more: 0 | 1]

local log = KEYS[1] -- the task's journal
local mostBytes = tonumber(ARGV[1]) -- maximum size of the entries, bytes

local from, entries, bytes = '-', {}, 0
repeat
  local page = redis.call('XRANGE', log, from, '+', 'COUNT', 50)
  for _, entry in ipairs(page) do
    bytes = bytes + #entry[2][2]
    if #entries > 0 and bytes > mostBytes then return { entries, 1 } end
    entries[#entries + 1] = entry[2][2]
    from = '(' .. entry[1]
  end
until #page < 50
return { entries, 0 }
