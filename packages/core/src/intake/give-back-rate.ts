import { AGENT } from '../agents/agent-hash.js';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { defineScript } from '../redis/script.js';
import { MINUTE_MS, type Rate } from './rate.js';

const giveBackScript = defineScript<0 | 1>(`
local at = redis.call('HGET', KEYS[1], '${AGENT.rateFreeAt}')
if not at then return 0 end
redis.call('HSET', KEYS[1], '${AGENT.rateFreeAt}', string.format('%.3f', at - ARGV[1]))
return 1`);

/** Gives back what was taken for a request that made no task, without waiting for it. Returns the rate as it is then. */
export function giveBackRate(ctx: Context, agentId: string, rate: Rate): Rate {
  giveBackScript(ctx.redis, [keys.agent(agentId)], [MINUTE_MS / rate.perMinute]).catch((error) =>
    ctx.log.debug({ err: error }, 'a rate was not given back'),
  );
  return { ...rate, left: rate.left + 1 };
}
