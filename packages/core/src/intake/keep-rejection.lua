-- Keeps a rejection of an agent that still exists, removes those that are too old or too many, and cuts
-- bodies, the oldest first, so that all together stay within a limit. Returns whether it was kept.
--
-- @returns 0 | 1

local agent = KEYS[1] -- the agent's hash
local rows = KEYS[2] -- its rejections by id
local bodies = KEYS[3] -- their bodies by id
local id = ARGV[1] -- the new rejection's; ids sort by the time of their creation
local row = ARGV[2] -- the new rejection, as JSON
local body = ARGV[3] -- what is kept of its body, bytes
local oldest = ARGV[4] -- what the id of a rejection that is too old sorts before
local most = tonumber(ARGV[5]) -- how many are kept
local totalBytes = tonumber(ARGV[6]) -- how many bytes all bodies may have
local shownBytes = tonumber(ARGV[7]) -- what is left of a body that is cut, bytes
local ttl = ARGV[8] -- how long the last one is kept, seconds

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
