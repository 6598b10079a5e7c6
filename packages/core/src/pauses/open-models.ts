import type { AgentConfig } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { pausesOfModel } from './pause-names.js';

/**
 * A configuration with the models that may be asked: the first that is not paused, and the ones after it. A
 * task whose models are all paused does not start, so an agent with one model needs no look.
 */
export async function withOpenModels(ctx: Context, shard: number, config: AgentConfig): Promise<AgentConfig> {
  const models = [config.model, ...config.fallback_models];
  if (models.length === 1) return config;
  const names = models.flatMap(pausesOfModel);
  const found = await ctx.redis.hmget(keys.pauses(shard), ...names);
  const [model, ...fallback_models] = models.filter(
    (_, n) => found[2 * n] === null && found[2 * n + 1] === null,
  );
  return model === undefined ? config : { ...config, model, fallback_models };
}
