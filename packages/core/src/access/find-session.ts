import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { hashToken, isTokenShaped } from '../secrets/random-token.js';
import { ADMIN_CALLER } from './admin-caller.js';
import { type Caller, callerOf } from './find-caller.js';
import { findSessionScript } from './find-session.script.js';
import { adminOwner } from './session-store.js';

/**
 * The caller of a session token, in one round trip; undefined if the session or its API key has ended.
 * `renewed` says whether the session was extended.
 *
 * @param adminApiKey the environment's current key
 */
export async function findSession(
  ctx: Context,
  token: string,
  adminApiKey: string,
): Promise<{ caller: Caller; renewed: boolean } | undefined> {
  if (!isTokenShaped('ahs_', token)) return undefined;
  const found = await findSessionScript(
    ctx.redis,
    { session: keys.session(hashToken(token)), apiKeys: keys.apiKeys, used: keys.apiKeysUsed },
    { now: ctx.now(), adminOwner: adminOwner(token, adminApiKey) },
  );
  if (!found) return undefined;
  const [json, leftMs, renewed, session_id] = found;
  const caller = json === '' ? ADMIN_CALLER : callerOf(ctx, json);
  if (!caller) return undefined;
  const endsMs = ctx.now() + leftMs;
  return {
    caller: { ...caller, session_id, expires_ms: Math.min(endsMs, caller.expires_ms ?? endsMs) },
    renewed: renewed === 1,
  };
}
