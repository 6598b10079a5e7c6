import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { defineScript } from '../redis/script.js';

/** How many tasks an agent takes a minute, how many of those are left now, and in how many ms the next is free (0: now). */
export interface Rate {
  perMinute: number;
  left: number;
  waitMs: number;
}

const MINUTE_MS = 60_000;
/** The field of an agent's hash with the time, in ms, at which its whole minute is free again. */
const FREE_AT = 'rate_free_at';

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
  local ahead = math.max(0, tonumber(redis.call('HGET', agent, '${FREE_AT}') or 0) - now)
  local wait = math.ceil(ahead + share - ${MINUTE_MS})
  if wait > 0 then return wait, 0 end
  redis.call('HSET', agent, '${FREE_AT}', string.format('%.3f', now + ahead + share))
  return 0, math.floor((${MINUTE_MS} - ahead - share) / share + 1e-6)
end
`;

const giveBackScript = defineScript<0 | 1>(`
local at = redis.call('HGET', KEYS[1], '${FREE_AT}')
if not at then return 0 end
redis.call('HSET', KEYS[1], '${FREE_AT}', string.format('%.3f', at - ARGV[1]))
return 1`);

/** Gives back what was taken for a request that made no task, without waiting for it. Returns the rate as it is then. */
export function giveBackRate(ctx: Context, agentId: string, rate: Rate): Rate {
  giveBackScript(ctx.redis, [keys.agent(agentId)], [MINUTE_MS / rate.perMinute]).catch((error) =>
    ctx.log.debug({ err: error }, 'a rate was not given back'),
  );
  return { ...rate, left: rate.left + 1 };
}
