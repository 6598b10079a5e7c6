-- Replaces a rejection that still exists. Returns whether it did.
--
-- @returns 0 | 1

local rows = KEYS[1] -- the agent's rejections by id
local id = ARGV[1] -- the rejection's id
local row = ARGV[2] -- the rejection, as JSON

if redis.call('HEXISTS', rows, id) == 0 then return 0 end
redis.call('HSET', rows, id, row)
return 1
