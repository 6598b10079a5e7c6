import { timingSafeEqual } from 'node:crypto';
import type { AskedEntry } from '@agenthook/contracts';
import type { Context } from '../../context.js';

/** What the holder of a token may do: decide on a page, or post the body of a callback. */
export type LinkUse = 'decide' | 'callback';

/**
 * The token of an ask: it names the task and the call, and is signed with SECRET_KEY, so nothing is stored
 * for it. It works until the ask is decided or expires.
 */
export function tokenOf(
  ctx: Pick<Context, 'secrets'>,
  use: LinkUse,
  taskId: string,
  { call_id, expires_ms }: Pick<AskedEntry, 'call_id' | 'expires_ms'>,
): string {
  const name = `${taskId} ${call_id} ${expires_ms}`;
  return signed(name, ctx.secrets.digest(name, purposeOf(use)));
}

const purposeOf = (use: LinkUse): string => `link to ${use}`;

const signed = (name: string, digest: Buffer): string =>
  `${Buffer.from(name).toString('base64url')}.${digest.toString('base64url')}`;

const NAME = /^(\S{1,64}) (\S{1,128}) (\d{1,16})$/;

/** The task and the call that a token is for; undefined if it was not made here for this use. */
export function readToken(
  ctx: Pick<Context, 'secrets'>,
  use: LinkUse,
  token: string,
): { taskId: string; callId: string } | undefined {
  const name = Buffer.from(token.split('.', 1)[0] ?? '', 'base64url').toString();
  const [, taskId = '', callId = '', expires] = NAME.exec(name) ?? [];
  if (expires === undefined) return undefined;
  const given = Buffer.from(token);
  // While SECRET_KEY is rotated, links of the previous key still work.
  const isOurs = ctx.secrets.digests(name, purposeOf(use)).some((digest) => {
    const known = Buffer.from(signed(name, digest));
    return known.length === given.length && timingSafeEqual(known, given);
  });
  return isOurs ? { taskId, callId } : undefined;
}
