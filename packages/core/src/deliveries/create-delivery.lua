-- Creates the entry of a delivery once. An existing entry stays unchanged, so there is one delivery even if
-- what it tells is told twice. Entries beyond the log's maximum, or whose key has expired, leave the log and
-- lose their attempts. Returns the status, and how many of the owner's deliveries are pending.
--
-- @import { TIME_DIGITS } from './log-member.js'
-- @returns [status: string, pending: number]

local entry = KEYS[1] -- the delivery
local log = KEYS[2] -- the owner's deliveries by creation time
local pending = KEYS[3] -- number of pending deliveries by owner
local owner = ARGV[1] -- the id of the agent or the notify channel
local kind = ARGV[2] -- the type of the delivery
local url = ARGV[3] -- the URL of the delivery
local status = ARGV[4] -- 'pending' or 'skipped'
local reason = ARGV[5] -- why it is skipped; '' otherwise
local created = ARGV[6] -- ms since the epoch
local member = ARGV[7] -- the delivery's member of the log
local most = tonumber(ARGV[8]) -- maximum number of deliveries in the log
local ttl = ARGV[9] -- how long the entry is kept, seconds
local prefix = ARGV[10] -- prefix of the deliveries' keys
local about = ARGV[11] -- what it tells, as JSON; '' for the end of a task

-- How many members one call removes from the log at most.
local MOST_REMOVED = 10

local known = redis.call('HGET', entry, 'status')
if known then return { known, tonumber(redis.call('HGET', pending, owner) or 0) } end
redis.call('HSET', entry, 'agent_id', owner, 'type', kind, 'url', url, 'status', status,
  'created_ms', created)
if reason ~= '' then redis.call('HSET', entry, 'reason', reason) end
if about ~= '' then redis.call('HSET', entry, 'about', about) end
redis.call('EXPIRE', entry, ttl)
redis.call('ZADD', log, 0, member)
redis.call('EXPIRE', log, ttl)
for _ = 1, MOST_REMOVED do
  local oldest = redis.call('ZRANGE', log, 0, 0)[1]
  local key = prefix .. string.sub(oldest, TIME_DIGITS + 1)
  local state = redis.call('HGET', key, 'status')
  if state and redis.call('ZCARD', log) <= most then break end
  redis.call('ZREM', log, oldest)
  if state and state ~= 'pending' then redis.call('HDEL', key, 'attempts') end
end
if status ~= 'pending' then return { status, 0 } end
redis.call('HSET', entry, 'next_ms', created)
return { status, redis.call('HINCRBY', pending, owner, 1) }
