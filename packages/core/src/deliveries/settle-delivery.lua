-- Writes the outcome of a claimed delivery, once. Returns 0, and writes nothing, if another worker holds the
-- lock. If a resend has started a new round meanwhile, stores the attempt, counts it if it was accepted,
-- keeps the new round, and returns 2. Writes nothing for a delivery that was erased meanwhile.
--
-- @returns 0 | 1 | 2

local entry = KEYS[1] -- the delivery
local lock = KEYS[2] -- the worker's lock on its job
local log = KEYS[3] -- the owner's deliveries by creation time
local pending = KEYS[4] -- number of pending deliveries by owner
local token = ARGV[1] -- the caller's lock token
local status = ARGV[2] -- 'pending', 'delivered', 'failed' or 'skipped'
local reason = ARGV[3] -- why it failed or is skipped; '' otherwise
local url = ARGV[4] -- the URL of the delivery
local attempts = ARGV[5] -- the stored attempts, as JSON
local made = ARGV[6] -- number of attempts made in this round
local nextMs = ARGV[7] -- when the next attempt of a pending delivery is due, ms since the epoch
local owner = ARGV[8] -- the id of the agent or the notify channel
local member = ARGV[9] -- the delivery's member of the log
local ttl = ARGV[10] -- how long the entry is kept, seconds
local round = ARGV[11] -- the round that was claimed

if redis.call('GET', lock) ~= token then return 0 end
if redis.call('HEXISTS', entry, 'status') == 0 then return 1 end
redis.call('HDEL', entry, 'begun_ms')
if (redis.call('HGET', entry, 'round') or '') ~= round then
  redis.call('HSET', entry, 'attempts', attempts)
  if status == 'delivered' then redis.call('HINCRBY', entry, 'accepted', 1) end
  return 2
end
if redis.call('HGET', entry, 'status') ~= 'pending' then return 1 end
redis.call('HSET', entry, 'status', status, 'url', url, 'attempts', attempts, 'made', made, 'next_ms', nextMs)
redis.call('EXPIRE', entry, ttl)
if status == 'pending' then return 1 end
redis.call('HDEL', entry, 'next_ms')
if reason ~= '' then redis.call('HSET', entry, 'reason', reason) end
if redis.call('HINCRBY', pending, owner, -1) <= 0 then redis.call('HDEL', pending, owner) end
if not redis.call('ZSCORE', log, member) then redis.call('HDEL', entry, 'attempts') end
return 1
