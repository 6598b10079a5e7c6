import { AGENT } from '../agents/agent-hash.js';

/** How many tasks an agent takes a minute, how many of those are left now, and in how many ms the next is free (0: now). */
export interface Rate {
  perMinute: number;
  left: number;
  waitMs: number;
}

export const MINUTE_MS = 60_000;

/**
 * A Lua function `takeRate(agent, gate, now)` that takes one from an agent's rate, where it has one: returns how long to
 * wait, in ms, and how many are left; nothing without a rate. The generic cell rate algorithm (ITU-T I.371): one number,
 * which each task moves on by its share of a minute, and which may be a minute ahead at most.
 */
export const TAKE_RATE = `
local function takeRate(agent, gate, now)
  if not string.find(gate, '"rate_per_minute":', 1, true) then return end
  local rate = cjson.decode(gate)['rate_per_minute']
  if not rate then return end
  local share = ${MINUTE_MS} / rate
  local ahead = math.max(0, tonumber(redis.call('HGET', agent, '${AGENT.rateFreeAt}') or 0) - now)
  local wait = math.ceil(ahead + share - ${MINUTE_MS})
  if wait > 0 then return wait, 0 end
  redis.call('HSET', agent, '${AGENT.rateFreeAt}', string.format('%.3f', now + ahead + share))
  return 0, math.floor((${MINUTE_MS} - ahead - share) / share + 1e-6)
end
`;
