-- Stores a rejection of an existing agent. Removes rejections that are too old or too many, and truncates the
-- oldest bodies so that the total size stays within a limit. Returns whether it stored the rejection.
--
-- @returns 0 | 1

local agent = KEYS[1] -- the agent's hash
local rows = KEYS[2] -- the agent's rejections by id
local bodies = KEYS[3] -- the rejections' bodies by id
local id = ARGV[1] -- the new rejection's id; ids sort by creation time
local row = ARGV[2] -- the new rejection, as JSON
local body = ARGV[3] -- the stored part of its body, bytes
local oldest = ARGV[4] -- ids that sort before this one are too old
local most = tonumber(ARGV[5]) -- maximum number of rejections
local totalBytes = tonumber(ARGV[6]) -- maximum size of all bodies, bytes
local shownBytes = tonumber(ARGV[7]) -- size of a truncated body, bytes
local ttl = ARGV[8] -- how long the newest rejection is kept, seconds

if redis.call('EXISTS', agent) == 0 then return 0 end
redis.call('HSET', rows, id, row)
redis.call('HSET', bodies, id, body)
local ids = redis.call('HKEYS', rows)
table.sort(ids)
local left = totalBytes
for n = #ids, 1, -1 do
  local size = redis.call('HSTRLEN', bodies, ids[n])
  if #ids - n >= most or ids[n] < oldest then
    redis.call('HDEL', rows, ids[n])
    redis.call('HDEL', bodies, ids[n])
  elseif size > shownBytes and size > left then
    redis.call('HSET', bodies, ids[n], string.sub(redis.call('HGET', bodies, ids[n]), 1, shownBytes))
    left = left - shownBytes
  else
    left = left - size
  end
end
redis.call('EXPIRE', rows, ttl)
redis.call('EXPIRE', bodies, ttl)
return 1
