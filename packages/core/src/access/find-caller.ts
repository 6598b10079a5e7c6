import type { Role } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { hashToken, isTokenShaped } from '../secrets/random-token.js';
import { findCallerScript } from './find-caller.script.js';
import type { StoredKey } from './stored-key.js';

/** Who makes a request, and what they may. */
export interface Caller {
  role: Role;
  /** Whether payloads and what became of them are shown. */
  see_payloads: boolean;
  /** null for the key of the environment, which is not stored. */
  key_id: string | null;
  name: string;
  /** When the credential ends, in ms since the epoch; null: not by itself. */
  expires_ms: number | null;
  /** The id of the session; undefined for a key. */
  session_id?: string;
}

/** Who a stored key makes its holder. */
export function callerOf(json: string): Caller {
  const { id, name, role, see_payloads, expires_ms } = JSON.parse(json) as StoredKey;
  return { role, see_payloads, key_id: id, name, expires_ms };
}

/**
 * Who an API key that is stored belongs to, in one round trip; undefined for one that is unknown, was revoked or has
 * expired. Nothing is cached, so a revocation holds from the next request on.
 */
export async function findCaller(ctx: Context, key: string): Promise<Caller | undefined> {
  if (!isTokenShaped('ahk_', key)) return undefined;
  const json = await findCallerScript(
    ctx.redis,
    { apiKeys: keys.apiKeys, used: keys.apiKeysUsed },
    { hash: hashToken(key), now: ctx.now() },
  );
  return json === null ? undefined : callerOf(json);
}
