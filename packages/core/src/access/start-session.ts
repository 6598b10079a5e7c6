import { randomBytes } from 'node:crypto';
import { MAX_SESSIONS_PER_KEY } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { createToken, hashToken } from '../secrets/random-token.js';
import {
  adminOwner,
  idAt,
  LONGEST_SESSION_MS,
  memberOf,
  SESSION_MS,
  type StoredSession,
} from './session-store.js';
import { startSessionScript } from './start-session.script.js';

/**
 * Starts a session of an API key that was already checked, and returns its token. Redis stores only the
 * token's hash and a value that binds the session to the key. A key has at most MAX_SESSIONS_PER_KEY
 * sessions; another one ends the oldest.
 *
 * @param keyId the stored key's id; null for the environment's key
 */
export async function startSession(ctx: Context, apiKey: string, keyId: string | null): Promise<string> {
  const token = createToken('ahs_');
  const hash = hashToken(token);
  const now = ctx.now();
  const stored: StoredSession = {
    id: idAt(now) + randomBytes(8).toString('hex'),
    owner: keyId === null ? adminOwner(token, apiKey) : hashToken(apiKey),
    key_id: keyId ?? '',
    started_ms: now,
    used_ms: now,
  };
  await startSessionScript(
    ctx.redis,
    { session: keys.session(hash), index: keys.sessionIndex },
    {
      json: JSON.stringify(stored),
      ttlMs: SESSION_MS,
      member: memberOf(stored.id, hash),
      oldest: idAt(now - LONGEST_SESSION_MS),
      keyId: stored.key_id,
      most: MAX_SESSIONS_PER_KEY,
      prefix: keys.sessionPrefix,
    },
  );
  return token;
}
