-- Reports that a process lives. Its report is a key that expires, so Redis's clock alone decides who is
-- alive. A full Redis accepts this once the report is stored and does not change.
--
-- @include ../redis/clock.lua
-- @returns null

local report = KEYS[1] -- what this process reports
local processes = KEYS[2] -- ids of the processes that have reported
local workers = KEYS[3] -- workers by last heartbeat, as older versions list them
local id = ARGV[1] -- the process's id
local text = ARGV[2] -- its report, as JSON
local aliveMs = tonumber(ARGV[3]) -- how long it counts as alive, ms
local prefix = ARGV[4] -- prefix of the reports' keys
local worker = ARGV[5] -- its entry among the workers; '' for an api

redis.call('PEXPIRE', report, aliveMs)
for _, other in ipairs(redis.call('SMEMBERS', processes)) do
  if other ~= id and redis.call('EXISTS', prefix .. other) == 0 then redis.call('SREM', processes, other) end
end
redis.call('ZREMRANGEBYSCORE', workers, '-inf', nowMs() - 10 * aliveMs)
redis.call('ZREMRANGEBYSCORE', workers, nowMs() + 10 * aliveMs, '+inf')
if redis.call('GET', report) ~= text then redis.call('SET', report, text, 'PX', aliveMs) end
redis.call('SADD', processes, id)
if worker ~= '' then redis.call('ZADD', workers, nowMs(), worker) end
