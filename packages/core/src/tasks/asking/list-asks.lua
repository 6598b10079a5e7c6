-- The first asks of a shard after a place, oldest first, each with its task's options and its journal
-- entry, up to a number of bytes but at least one. Returns whether more follow.
--
-- @import { OPTIONS_FIELD } from '../../queue/job.js'
-- @import { PLACES } from '../../redis/keys.js'
-- @returns [asks: [member: string, askedMs: string, options: string, entry: string][], more: 0 | 1]

local asking = KEYS[1] -- all asks of the shard, by when they were asked
local prefix = ARGV[1] -- prefix of the jobs' keys
local root = ARGV[2] -- prefix of all keys of the shard
local afterMs = ARGV[3] -- the time of the place to continue after, ms; '' for none
local afterMember = ARGV[4] -- the member at that place
local count = tonumber(ARGV[5]) -- number of asks
local mostBytes = tonumber(ARGV[6]) -- maximum size of the entries, bytes

local found, bytes, offset = {}, 0, 0
while true do
  local rows = redis.call('ZRANGEBYSCORE', asking, afterMs == '' and '-inf' or afterMs, '+inf', 'WITHSCORES',
    'LIMIT', offset, count + 1)
  for n = 1, #rows, 2 do
    local member, ms = rows[n], rows[n + 1]
    if ms ~= afterMs or member > afterMember then
      local id, place = string.match(member, '^(%S+) (%S+)$')
      local options = redis.call('HGET', prefix .. id, OPTIONS_FIELD)
      local entry = options and redis.call('XRANGE', root .. PLACES.log .. id, place, place)[1]
      if entry then
        bytes = bytes + #entry[2][2]
        if #found == count or (#found > 0 and bytes > mostBytes) then return { found, 1 } end
        found[#found + 1] = { member, ms, options, entry[2][2] }
      end
    end
  end
  if #rows < 2 * (count + 1) then return { found, 0 } end
  offset = offset + count + 1
end
