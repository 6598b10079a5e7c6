import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { keys } from '../redis/keys.js';
import { revokeApiKeyScript } from './revoke-api-key.script.js';

/** Revokes an API key and its sessions, at once and in every process. Throws `unknown_api_key`. */
export async function revokeApiKey(ctx: Context, id: string): Promise<void> {
  const found = await revokeApiKeyScript(
    ctx.redis,
    { apiKeys: keys.apiKeys, used: keys.apiKeysUsed },
    { id },
  );
  if (found === 0) throw new AppError('unknown_api_key', `There is no API key ${id}.`);
}
