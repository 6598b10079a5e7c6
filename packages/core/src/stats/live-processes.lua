-- Reads the reports of all processes that are alive, as JSON. Then come the entries of workers that run an
-- older version.
--
-- @include ../redis/clock.lua
-- @returns string[]

local processes = KEYS[1] -- ids of the processes that have reported
local workers = KEYS[2] -- workers by last heartbeat, as older versions list them
local prefix = ARGV[1] -- prefix of the reports' keys
local aliveMs = tonumber(ARGV[2]) -- how long a worker counts as alive, ms

local found = {}
for _, id in ipairs(redis.call('SMEMBERS', processes)) do
  local report = redis.call('GET', prefix .. id)
  if report then found[#found + 1] = report end
end
local now = nowMs()
for _, worker in ipairs(redis.call('ZRANGEBYSCORE', workers, now - aliveMs, now + aliveMs)) do
  found[#found + 1] = worker
end
return found
