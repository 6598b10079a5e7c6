import type { ApiKey } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { apiKeyOf, type StoredKey } from './stored-key.js';

/** All stored API keys, including expired ones, newest first. */
export async function listApiKeys(ctx: Context): Promise<ApiKey[]> {
  const [stored, used] = await Promise.all([
    ctx.redis.hgetall(keys.apiKeys),
    ctx.redis.hgetall(keys.apiKeysUsed),
  ]);
  return Object.entries(stored)
    .map(([hash, json]) => ({ key: JSON.parse(json) as StoredKey, usedMs: used[hash] }))
    .sort((a, b) => b.key.created_ms - a.key.created_ms)
    .map(({ key, usedMs }) => apiKeyOf(key, usedMs === undefined ? null : Number(usedMs)));
}
