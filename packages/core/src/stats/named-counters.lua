-- Counters by the name of a sender, model or error code, of all agents and of each. Only so many names have
-- counters of their own on a day; further ones share `other`.
--
-- @import { MOST_NAMES } from '../stats/named.js'
-- @import { OTHER } from '../stats/metrics/definitions.js'

-- The key of a name's counters for an hour. `named` holds the name, and positions in `places`: of the names
-- that have counters on its day (`names`), of its own counters (`own`), and of the shared ones (`other`).
local function ownOrOther(places, named, ttl)
  local names, name = places[named.names], named.name
  if redis.call('SISMEMBER', names, name) == 1 then return places[named.own] end
  local isFull = redis.call('SCARD', names) >= MOST_NAMES
  redis.call('SADD', names, isFull and OTHER or name)
  redis.call('EXPIRE', names, ttl)
  return places[isFull and named.other or named.own]
end
