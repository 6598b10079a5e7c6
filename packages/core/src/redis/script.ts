import { createHash } from 'node:crypto';
import type { RedisClient } from './connect.js';

/** Runs a Lua script: keys, then arguments. All keys of one call share a hash slot. */
export type Script<Result> = (
  redis: RedisClient,
  keys: string[],
  args?: (string | number | Buffer)[],
) => Promise<Result>;

/** Makes a function of a Lua script, called by its SHA-1 and sent whole only where Redis does not know it. */
export function defineScript<Result>(lua: string): Script<Result> {
  const sha = createHash('sha1').update(lua).digest('hex');
  return async (redis, keys, args = []) => {
    try {
      return (await redis.evalsha(sha, keys.length, ...keys, ...args)) as Result;
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return (await redis.eval(lua, keys.length, ...keys, ...args)) as Result;
    }
  };
}
