-- Writes the outcome of a delivery that was taken up, once. Returns 0, and writes nothing, when the lock is
-- another's. Where a resend has begun a new round meanwhile, notes the attempt, leaves the new round as it
-- is, and returns 2. Writes nothing of a delivery that was erased meanwhile.
--
-- @returns 0 | 1 | 2

local entry = KEYS[1] -- the delivery
local lock = KEYS[2] -- the worker's lock on its job
local log = KEYS[3] -- the agent's deliveries, by the time of their creation
local pending = KEYS[4] -- how many deliveries of each agent are pending
local token = ARGV[1] -- whose lock the caller has
local status = ARGV[2] -- 'pending', 'delivered', 'failed' or 'skipped'
local reason = ARGV[3] -- why it failed or is skipped; '' otherwise
local url = ARGV[4] -- where it went
local attempts = ARGV[5] -- the attempts that are kept, as JSON
local made = ARGV[6] -- how many attempts of this round have been made
local nextMs = ARGV[7] -- when the next attempt is due, ms since the epoch; of a pending one
local agent = ARGV[8] -- the agent's id
local member = ARGV[9] -- the delivery's member of the log
local ttl = ARGV[10] -- how long the entry is kept, seconds
local round = ARGV[11] -- the round that was taken up

if redis.call('GET', lock) ~= token then return 0 end
if redis.call('HEXISTS', entry, 'status') == 0 then return 1 end
if (redis.call('HGET', entry, 'round') or '') ~= round then
  redis.call('HSET', entry, 'attempts', attempts)
  return 2
end
if redis.call('HGET', entry, 'status') ~= 'pending' then return 1 end
redis.call('HSET', entry, 'status', status, 'url', url, 'attempts', attempts, 'made', made, 'next_ms', nextMs)
redis.call('EXPIRE', entry, ttl)
if status == 'pending' then return 1 end
redis.call('HDEL', entry, 'next_ms')
if reason ~= '' then redis.call('HSET', entry, 'reason', reason) end
if redis.call('HINCRBY', pending, agent, -1) <= 0 then redis.call('HDEL', pending, agent) end
if not redis.call('ZSCORE', log, member) then redis.call('HDEL', entry, 'attempts') end
return 1
