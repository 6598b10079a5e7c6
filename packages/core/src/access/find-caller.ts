import type { Role } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { readRow } from '../redis/stored-row.js';
import { hashToken, isTokenShaped } from '../secrets/random-token.js';
import { findCallerScript } from './find-caller.script.js';
import { API_KEY } from './stored-key.js';

/** Who makes a request, and what they may do. */
export interface Caller {
  role: Role;
  /** Whether the caller sees payloads and their results. */
  see_payloads: boolean;
  /** null for the environment's key, which is not stored. */
  key_id: string | null;
  name: string;
  /** When the credential expires, in ms since the epoch; null if it never expires. */
  expires_ms: number | null;
  /** The id of the session; undefined for a key. */
  session_id?: string;
}

/** The caller that a stored key stands for; undefined if it cannot be read. */
export function callerOf(ctx: Context, json: string): Caller | undefined {
  const key = readRow(ctx, API_KEY, json, '');
  if (!key) return undefined;
  const { id, name, role, see_payloads, expires_ms } = key;
  return { role, see_payloads, key_id: id, name, expires_ms };
}

/**
 * The caller of a stored API key, in one round trip; undefined if the key is unknown, revoked or expired.
 * Nothing is cached, so a revocation applies from the next request on.
 */
export async function findCaller(ctx: Context, key: string): Promise<Caller | undefined> {
  if (!isTokenShaped('ahk_', key)) return undefined;
  const json = await findCallerScript(
    ctx.redis,
    { apiKeys: keys.apiKeys, used: keys.apiKeysUsed },
    { hash: hashToken(key), now: ctx.now() },
  );
  return json === null ? undefined : callerOf(ctx, json);
}
