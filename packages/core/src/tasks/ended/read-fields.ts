import { readArchived } from '../../archive/read-archived.js';
import type { Context } from '../../context.js';
import { keys } from '../../redis/keys.js';

/**
 * Fields of a task's job, from Redis or, once it has left it, from the archive; null for each that it does
 * not have. Throws `archive_unavailable`.
 */
export async function readFields(
  ctx: Context,
  shard: number,
  taskId: string,
  ...names: string[]
): Promise<(string | null)[]> {
  const [made, ...row] = await ctx.redis.hmget(keys.job(shard, taskId), 'timestamp', ...names);
  if (made || !ctx.archive) return row;
  const { fields = {} } = (await readArchived(ctx, taskId)) ?? {};
  return names.map((name) => fields[name] ?? null);
}
