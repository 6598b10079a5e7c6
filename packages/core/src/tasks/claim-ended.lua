-- Takes ends of tasks that are due, and hides them from others for a while, in one step. Returns the tasks'
-- ids.
--
-- @include ../redis/clock.lua
-- @returns string[]

local ended = KEYS[1] -- tasks whose end is still to be delivered, by when that is due
local most = ARGV[1] -- how many at once
local claimMs = tonumber(ARGV[2]) -- for how long others do not get them, ms

local now = nowMs()
local ids = redis.call('ZRANGE', ended, '-inf', now, 'BYSCORE', 'LIMIT', 0, most)
for _, id in ipairs(ids) do redis.call('ZADD', ended, 'XX', now + claimMs, id) end
return ids
