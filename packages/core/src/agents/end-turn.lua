-- Ends a worker's turn, unless it has passed to another one.
--
-- @returns 0 | 1

local turn = KEYS[1] -- who has the turn
local mark = ARGV[1] -- the worker's mark

if redis.call('GET', turn) ~= mark then return 0 end
return redis.call('DEL', turn)
