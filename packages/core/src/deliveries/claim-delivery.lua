-- Takes up a pending delivery, for the caller that holds the lock on its job, and counts how often. Returns
-- null where there is nothing to do any more, or the lock is another's.
--
-- @returns (string | null)[] | null

local entry = KEYS[1] -- the delivery
local lock = KEYS[2] -- the worker's lock on its job
local token = ARGV[1] -- whose lock the caller has

if redis.call('GET', lock) ~= token or redis.call('HGET', entry, 'status') ~= 'pending' then return nil end
redis.call('HINCRBY', entry, 'claims', 1)
return redis.call('HMGET', entry, 'agent_id', 'url', 'created_ms', 'next_ms', 'made', 'claims',
  'attempts', 'round')
