-- Claims a pending delivery for the caller that holds its job's lock, and counts the claims. Returns null if
-- nothing is left to do or another worker holds the lock.
--
-- @returns (string | null)[] | null

local entry = KEYS[1] -- the delivery
local lock = KEYS[2] -- the worker's lock on its job
local token = ARGV[1] -- the caller's lock token

if redis.call('GET', lock) ~= token or redis.call('HGET', entry, 'status') ~= 'pending' then return nil end
redis.call('HINCRBY', entry, 'claims', 1)
return redis.call('HMGET', entry, 'agent_id', 'url', 'created_ms', 'next_ms', 'made', 'claims',
  'attempts', 'round', 'about')
