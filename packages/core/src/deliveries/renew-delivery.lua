-- Starts a new round of a delivery's attempts, due at once, unless the same cause has started one already,
-- and counts the round before it if it was accepted. Returns how many of the agent's deliveries are pending,
-- and 1 if the round is new; null if the delivery belongs to another agent.
--
-- @returns [pending: number, isNew: number] | null

local entry = KEYS[1] -- the delivery
local pending = KEYS[2] -- number of pending deliveries by agent
local agent = ARGV[1] -- the agent's id
local url = ARGV[2] -- the URL of the delivery
local now = ARGV[3] -- ms since the epoch
local ttl = ARGV[4] -- how long the entry is kept, seconds
local cause = ARGV[5] -- what starts the round, if it may try again; '' otherwise

local row = redis.call('HMGET', entry, 'agent_id', 'status')
if row[1] ~= agent then return nil end
if cause ~= '' and redis.call('HSETNX', entry, 'cause:' .. cause, now) == 0 then
  return { tonumber(redis.call('HGET', pending, agent) or 1), 0 }
end
redis.call('HSET', entry, 'status', 'pending', 'url', url, 'made', 0, 'claims', 0, 'next_ms', now)
redis.call('HINCRBY', entry, 'round', 1)
if row[2] == 'delivered' then redis.call('HINCRBY', entry, 'accepted', 1) end
redis.call('HDEL', entry, 'reason')
redis.call('EXPIRE', entry, ttl)
if row[2] == 'pending' then return { tonumber(redis.call('HGET', pending, agent) or 1), 1 } end
return { redis.call('HINCRBY', pending, agent, 1), 1 }
