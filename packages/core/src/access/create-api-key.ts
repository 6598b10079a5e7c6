import { randomBytes } from 'node:crypto';
import { type ApiKeyInput, MAX_API_KEYS, type MadeApiKey, parseTime } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { keys } from '../redis/keys.js';
import { luaJson } from '../redis/lua-json.js';
import { createToken, hashToken, hintOf } from '../secrets/random-token.js';
import { createApiKeyScript } from './create-api-key.script.js';
import { apiKeyOf, type StoredKey } from './stored-key.js';

const refuse = (path: string, message: string): AppError =>
  new AppError('invalid_request', `The request is not valid: ${path} ${message}.`, {
    issues: [{ path, message }],
  });

function expiryOf(text: string | null | undefined, now: number): number | null {
  if (text === null || text === undefined) return null;
  const ms = parseTime(text);
  if (ms === undefined) throw refuse('/expires_at', 'must be a time as in 2027-01-31T00:00:00Z');
  if (ms <= now) throw refuse('/expires_at', 'must be in the future');
  return ms;
}

/**
 * Creates an API key. Only its SHA-256 is stored, so the returned key cannot be shown again. Throws
 * `invalid_request`, `too_many_api_keys`.
 */
export async function createApiKey(ctx: Context, input: ApiKeyInput): Promise<MadeApiKey> {
  const { name, role, see_payloads = true } = input;
  if (role === 'admin' && !see_payloads) {
    throw refuse('/see_payloads', 'cannot be false for an admin, who could create a key that sees them');
  }
  const now = ctx.now();
  const key = createToken('ahk_');
  const stored: StoredKey = {
    id: `key_${randomBytes(12).toString('hex')}`,
    name: name.trim(),
    role,
    see_payloads,
    hint: hintOf(key),
    created_ms: now,
    expires_ms: expiryOf(input.expires_at, now),
  };
  const added = await createApiKeyScript(
    ctx.redis,
    { apiKeys: keys.apiKeys },
    { hash: hashToken(key), json: luaJson(stored), most: MAX_API_KEYS },
  );
  if (added === 0) {
    throw new AppError(
      'too_many_api_keys',
      `There are ${MAX_API_KEYS} API keys, and no more may be made. Delete one first; expired ones count too.`,
    );
  }
  return { ...apiKeyOf(stored, null), key };
}
