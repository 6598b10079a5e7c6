-- How many finished tasks are kept, and how many bytes they have: estimated from some of them.
--
-- @returns [kept: number, bytes: string]

local completed = KEYS[1] -- tasks that ended SUCCESS, by time
local failed = KEYS[2] -- tasks that ended FAILURE
local prefix = ARGV[1] -- prefix of the jobs' keys

-- How many tasks of each kind are measured.
local MEASURED = 25

local kept, bytes = 0, 0
for _, set in ipairs({ completed, failed }) do
  local count = redis.call('ZCARD', set)
  local measured, sum = 0, 0
  for n = 0, math.min(count, MEASURED) - 1 do
    local at = math.floor(n * count / math.min(count, MEASURED))
    local id = redis.call('ZRANGE', set, at, at)[1]
    if id then
      measured = measured + 1
      for _, field in ipairs({ 'data', 'opts', 'returnvalue', 'failedReason' }) do
        sum = sum + redis.call('HSTRLEN', prefix .. id, field)
      end
    end
  end
  kept = kept + count
  if measured > 0 then bytes = bytes + sum / measured * count end
end
return { kept, string.format('%.0f', bytes) }
