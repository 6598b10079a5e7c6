-- Counts parked and delayed tasks by the reason of their wait, with the creation time of the oldest. Looks at
-- some of them, from one that the last call named.
--
-- @include ../why/why-waits.lua
-- @import { ASKS_FIELD } from '../../queue/job.js'
-- @returns [next: number, ...string[]]

local delayed = KEYS[1] -- delayed jobs
local prefix = ARGV[1] -- prefix of the jobs' keys
local from = tonumber(ARGV[2]) -- how many were looked at before
local many = tonumber(ARGV[3]) -- how many to look at

local found, order = {}, {}
local page = redis.call('ZRANGE', delayed, from, from + many - 1, 'WITHSCORES')
for n = 1, #page, 2 do
  local job = prefix .. page[n]
  local why = whyWaits(job, page[n], page[n + 1])
  if why then
    local asks = redis.call('HGET', job, ASKS_FIELD)
    local kind = asks and string.match(asks, '^%S+ %d+ %S+ (%S+)') or cjson.decode(why).kind
    local created = tonumber(redis.call('HGET', job, 'timestamp'))
    if not found[kind] then
      found[kind] = { count = 0, oldest = created }
      order[#order + 1] = kind
    end
    found[kind].count = found[kind].count + 1
    found[kind].oldest = math.min(found[kind].oldest, created)
  end
end
local answer = { #page == 2 * many and from + many or 0 }
for _, kind in ipairs(order) do
  answer[#answer + 1] = kind
  answer[#answer + 1] = tostring(found[kind].count)
  answer[#answer + 1] = string.format('%.0f', found[kind].oldest)
end
return answer
