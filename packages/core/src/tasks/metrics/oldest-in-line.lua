-- How many tasks wait for a worker, how many slots are taken, and when the oldest of the first ones was
-- created. An agent's own tasks are in order, and agents take turns, so the oldest is near the front.
--
-- @returns [inLine: number, taken: number, oldest: string | null]

local prioritized = KEYS[1] -- waiting jobs by priority, then by number
local wait = KEYS[2] -- waiting jobs without a priority
local active = KEYS[3] -- jobs that workers hold
local prefix = ARGV[1] -- prefix of the jobs' keys

-- How many are compared.
local LOOKED_AT = 100

local oldest = false
for _, ids in ipairs({
  redis.call('LRANGE', wait, 0, LOOKED_AT - 1),
  redis.call('ZRANGE', prioritized, 0, LOOKED_AT - 1),
}) do
  for _, id in ipairs(ids) do
    local created = redis.call('HGET', prefix .. id, 'timestamp')
    if created and (not oldest or tonumber(created) < tonumber(oldest)) then oldest = created end
  end
end
local inLine = redis.call('LLEN', wait) + redis.call('ZCARD', prioritized)
return { inLine, redis.call('LLEN', active), oldest }
