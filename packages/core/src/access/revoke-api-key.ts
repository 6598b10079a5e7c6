import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { keys } from '../redis/keys.js';
import { defineScript } from '../redis/script.js';

/** Keys are stored under their hashes, and there are few: looking through them is cheaper than a second index. */
const revokeScript = defineScript<0 | 1>(`
local all = redis.call('HGETALL', KEYS[1])
for n = 1, #all, 2 do
  if cjson.decode(all[n + 1]).id == ARGV[1] then
    redis.call('HDEL', KEYS[1], all[n])
    redis.call('HDEL', KEYS[2], all[n])
    return 1
  end
end
return 0`);

/** Ends an API key, and with it its sessions, at once and for every process. Throws `unknown_api_key`. */
export async function revokeApiKey(ctx: Context, id: string): Promise<void> {
  const found = await revokeScript(ctx.redis, [keys.apiKeys, keys.apiKeysUsed], [id]);
  if (found === 0) throw new AppError('unknown_api_key', `There is no API key ${id}.`);
}
