import type { ApiKey } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { readRow, timeOf } from '../redis/stored-row.js';
import { API_KEY, apiKeyOf } from './stored-key.js';

/** All stored API keys, including expired ones, newest first. */
export async function listApiKeys(ctx: Context): Promise<ApiKey[]> {
  const [stored, used] = await Promise.all([
    ctx.redis.hgetall(keys.apiKeys),
    ctx.redis.hgetall(keys.apiKeysUsed),
  ]);
  return Object.entries(stored)
    .flatMap(([hash, json]) => {
      const key = readRow(ctx, API_KEY, json, hash);
      return key ? [{ key, usedMs: timeOf(used[hash]) ?? null }] : [];
    })
    .sort((a, b) => b.key.created_ms - a.key.created_ms)
    .map(({ key, usedMs }) => apiKeyOf(key, usedMs));
}
