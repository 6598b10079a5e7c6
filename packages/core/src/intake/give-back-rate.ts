import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { giveBackRateScript } from './give-back-rate.script.js';
import { MINUTE_MS, type Rate } from './rate.js';

/**
 * Gives one request back to the rate because it created no task, without waiting for Redis. Returns the new
 * rate.
 */
export function giveBackRate(ctx: Context, agentId: string, rate: Rate): Rate {
  const shareMs = MINUTE_MS / rate.perMinute;
  giveBackRateScript(ctx.redis, { agent: keys.agent(agentId) }, { shareMs }).catch((error) =>
    ctx.log.debug({ err: error }, 'a rate was not given back'),
  );
  return { ...rate, left: rate.left + 1 };
}
