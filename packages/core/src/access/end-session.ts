import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { keys } from '../redis/keys.js';
import { defineScript } from '../redis/script.js';
import { hashToken } from '../secrets/random-token.js';
import type { Caller } from './find-caller.js';
import { isSessionId, luaHashOf } from './session-store.js';

/** Ends a session; does nothing where there is none. The index forgets it by itself. */
export async function endSession(ctx: Context, token: string): Promise<void> {
  await ctx.redis.del(keys.session(hashToken(token)));
}

/** Ends the session with the id ARGV[1], if it is one of the key ARGV[3] ('*': whosoever). Returns whether there was one. */
const revokeScript = defineScript<0 | 1>(`
local id, prefix, keyId = unpack(ARGV)
local member = redis.call('ZRANGEBYLEX', KEYS[1], '[' .. id, '(' .. id .. '~', 'LIMIT', 0, 1)[1]
if not member then return 0 end
local session = prefix .. ${luaHashOf('member')}
local json = redis.call('GET', session)
if json and keyId ~= '*' and cjson.decode(json).key_id ~= keyId then return 0 end
redis.call('ZREM', KEYS[1], member)
return redis.call('DEL', session)`);

/**
 * Ends a session by its id, at once and for every process: an admin any, others those of their own key.
 * Throws `unknown_session`.
 */
export async function revokeSession(ctx: Context, caller: Caller, id: string): Promise<void> {
  const whose = caller.role === 'admin' ? '*' : (caller.key_id ?? '');
  const args = [id, keys.sessionPrefix, whose];
  if (!isSessionId(id) || (await revokeScript(ctx.redis, [keys.sessionIndex], args)) === 0)
    throw new AppError('unknown_session', 'There is no such session, or it has ended.');
}
