import { randomBytes } from 'node:crypto';
import { iso, MAX_SHARES, type PublicResult, type Share } from '@agenthook/contracts';
import type { Context } from '../../context.js';
import { AppError } from '../../errors.js';
import { keys } from '../../redis/keys.js';
import { type RowKind, readRow } from '../../redis/stored-row.js';
import { transact } from '../../redis/transact.js';
import { createToken, hashToken } from '../../secrets/random-token.js';
import { taskStatus, unknownTask } from '../status.js';

/** A link as it is stored with its task, by its id. Times are in ms. */
interface StoredShare {
  shows: PublicResult;
  created_ms: number;
  created_by: string | null;
  expires_ms: number;
  /** The hash of its token. */
  hash: string;
}

const STORED_SHARE: RowKind<StoredShare> = {
  name: 'share link',
  fields: { shows: 'string', created_ms: 'time', created_by: 'string?', expires_ms: 'time', hash: 'string' },
};

/** What a token opens. Stored by its hash, until it expires. */
export interface Shared {
  task_id: string;
  shows: PublicResult;
  expires_ms: number;
}

export const SHARED: RowKind<Shared> = {
  name: 'share link',
  fields: { task_id: 'string', shows: 'string', expires_ms: 'time' },
};

/**
 * Makes a link to a run for people without an API key. The token is returned once; Redis has its hash. Throws
 * `unknown_task`, `too_many_shares`.
 */
export async function createShare(
  ctx: Context,
  taskId: string,
  { shows, seconds, by }: { shows: PublicResult; seconds: number; by: string | null },
): Promise<{ share: Share; token: string }> {
  if (!(await taskStatus(ctx, taskId))) throw unknownTask();
  const known = await readShares(ctx, taskId);
  if (known.size >= MAX_SHARES)
    throw new AppError('too_many_shares', `The run has ${MAX_SHARES} links already. Revoke one first.`);
  const token = createToken('ahr_');
  const now = ctx.now();
  const id = `shr_${now.toString(16).padStart(12, '0')}${randomBytes(8).toString('hex')}`;
  const expires_ms = now + seconds * 1000;
  const stored: StoredShare = { shows, created_ms: now, created_by: by, expires_ms, hash: hashToken(token) };
  const last = Math.max(expires_ms, ...[...known.values()].map((share) => share.expires_ms));
  const shared: Shared = { task_id: taskId, shows, expires_ms };
  await transact(ctx.redis, (batch) =>
    batch
      .hset(keys.shares(taskId), id, JSON.stringify(stored))
      .pexpire(keys.shares(taskId), last - now)
      .set(keys.share(stored.hash), JSON.stringify(shared), 'EX', seconds),
  );
  return { share: shown(id, stored), token };
}

/** The links of a task that are valid, newest first. Throws `unknown_task`. */
export async function listShares(ctx: Context, taskId: string): Promise<Share[]> {
  if (!(await taskStatus(ctx, taskId))) throw unknownTask();
  return [...(await readShares(ctx, taskId))].map(([id, share]) => shown(id, share)).sort(byNewest);
}

/** Ends a link at once. Throws `unknown_share`. */
export async function revokeShare(ctx: Context, taskId: string, id: string): Promise<void> {
  const share = (await readShares(ctx, taskId)).get(id);
  if (!share) throw new AppError('unknown_share');
  await transact(ctx.redis, (batch) => batch.del(keys.share(share.hash)).hdel(keys.shares(taskId), id));
}

/** Ends all links of a task. */
export async function dropShares(ctx: Context, taskId: string): Promise<void> {
  const rows = Object.entries(await ctx.redis.hgetall(keys.shares(taskId)));
  if (rows.length === 0) return;
  // The link of a damaged one shows nothing once its task is gone.
  const known = rows.flatMap(([id, json]) => readRow(ctx, STORED_SHARE, json, id) ?? []);
  await ctx.redis.unlink(keys.shares(taskId), ...known.map(({ hash }) => keys.share(hash)));
}

const byNewest = (a: Share, b: Share): number => (a.id < b.id ? 1 : -1);

async function readShares(ctx: Context, taskId: string): Promise<Map<string, StoredShare>> {
  const rows = Object.entries(await ctx.redis.hgetall(keys.shares(taskId)));
  const shares = rows.flatMap(([id, json]) => {
    const share = readRow(ctx, STORED_SHARE, json, id);
    return share ? [[id, share] as const] : [];
  });
  const over = shares.filter(([, { expires_ms }]) => expires_ms <= ctx.now()).map(([id]) => id);
  if (over.length > 0) await ctx.redis.hdel(keys.shares(taskId), ...over);
  return new Map(shares.filter(([id]) => !over.includes(id)));
}

const shown = (id: string, { shows, created_ms, created_by, expires_ms }: StoredShare): Share => ({
  id,
  shows,
  created_at: iso(created_ms),
  created_by,
  expires_at: iso(expires_ms),
});
