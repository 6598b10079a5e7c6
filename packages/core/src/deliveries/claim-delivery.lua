-- Claims a pending delivery for the caller that holds its job's lock, and counts the claims. Returns null if
-- nothing is left to do or another worker holds the lock. If its attempt is due, notes that one begins, and
-- returns last when the attempt before it had begun whose outcome nobody has written.
--
-- @returns (string | null)[] | null

local entry = KEYS[1] -- the delivery
local lock = KEYS[2] -- the worker's lock on its job
local token = ARGV[1] -- the caller's lock token
local now = tonumber(ARGV[2]) -- ms since the epoch

if redis.call('GET', lock) ~= token or redis.call('HGET', entry, 'status') ~= 'pending' then return nil end
redis.call('HINCRBY', entry, 'claims', 1)
local row = redis.call('HMGET', entry, 'agent_id', 'url', 'created_ms', 'next_ms', 'made', 'claims',
  'attempts', 'round', 'about', 'begun_ms', 'accepted')
if (tonumber(row[4]) or 0) <= now then redis.call('HSET', entry, 'begun_ms', now) end
return row
