-- Claims due task ends in the outbox, and hides them from other processes for a while, in one step. Returns
-- the tasks' ids.
--
-- @include ../redis/clock.lua
-- @returns string[]

local ended = KEYS[1] -- the outbox: tasks whose end is still to be delivered, by due time
local most = ARGV[1] -- maximum number of ends
local claimMs = tonumber(ARGV[2]) -- how long they are hidden from others, ms

local now = nowMs()
local ids = redis.call('ZRANGE', ended, '-inf', now, 'BYSCORE', 'LIMIT', 0, most)
for _, id in ipairs(ids) do redis.call('ZADD', ended, 'XX', now + claimMs, id) end
return ids
