-- Stores an entry of the audit log, and those of changes whose process died. Drops what is too old or too
-- much.
--
-- @include ../redis/clock.lua
-- @returns null

local open = KEYS[1] -- entries of changes that are being made, by id
local log = KEYS[2] -- the audit log
local id = ARGV[1] -- the entry's id
local entry = ARGV[2] -- the entry as JSON; '' if nothing was changed
local most = ARGV[3] -- about how many entries are kept
local keepMs = tonumber(ARGV[4]) -- how long they are kept, ms
local deadMs = tonumber(ARGV[5]) -- after which time a change has not ended because its process died, ms

local now = nowMs()
local function store(json) redis.call('XADD', log, 'MAXLEN', '~', most, '*', 'e', json) end

redis.call('HDEL', open, id)
local left = redis.call('HSCAN', open, 0, 'COUNT', 10)[2]
for n = 1, #left, 2 do
  local began, json = string.match(left[n + 1], '^(%d+) (.*)$')
  if began and tonumber(began) < now - deadMs then
    store(json)
    redis.call('HDEL', open, left[n])
  end
end
if entry ~= '' then store(entry) end
redis.call('XTRIM', log, 'MINID', '~', string.format('%.0f', now - keepMs))
