-- An agent's rate, by the generic cell rate algorithm (ITU-T I.371). It stores one number. Each task advances
-- that number by its share of a minute, at most a minute ahead of now.
--
-- @import { AGENT } from '../agents/agent-hash.js'
-- @import { MINUTE_MS } from './rate.js'

-- Counts one request against an agent's rate. Returns the wait in ms and the number left; nothing if the
-- agent has no rate.
local function takeRate(agent, gate, now)
  if not string.find(gate, '"rate_per_minute":', 1, true) then return end
  -- A gate that cannot be read is refused by the caller. It must not end the script, which serves others too.
  local isRead, fields = pcall(cjson.decode, gate)
  local rate = isRead and type(fields) == 'table' and tonumber(fields.rate_per_minute)
  if not rate then return end
  local share = MINUTE_MS / rate
  local ahead = math.max(0, tonumber(redis.call('HGET', agent, AGENT.rateFreeAt) or 0) - now)
  -- Only a clock that was set back since makes it more.
  if ahead > MINUTE_MS then ahead = 0 end
  local wait = math.ceil(ahead + share - MINUTE_MS)
  if wait > 0 then return wait, 0 end
  redis.call('HSET', agent, AGENT.rateFreeAt, string.format('%.3f', now + ahead + share))
  return 0, math.floor((MINUTE_MS - ahead - share) / share + 1e-6)
end
