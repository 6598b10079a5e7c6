import type { Context } from '../context.js';
import type { RedisClient } from '../redis/connect.js';
import { keys } from '../redis/keys.js';
import { objectOf, timeOf } from '../redis/stored-row.js';
import { noteRefusedScript } from './note-refused.script.js';

/** How long a refused task waits until it is tried again, in ms. Its cause may have been removed. */
const AGAIN_MS = 10 * 60_000;

/** A finished task that the archive refused. */
export interface RefusedTask {
  id: string;
  reason: string;
}

/** Notes that the archive refused a task, and logs that once. */
export async function noteRefused(
  ctx: Context,
  { shard, turn }: { shard: number; turn: number },
  { id, reason }: RefusedTask,
): Promise<void> {
  const isNew = await noteRefusedScript(
    ctx.redis,
    { moving: keys.moving(shard), refused: keys.refusedTasks(shard) },
    { id, turn, note: JSON.stringify({ at: ctx.now(), reason }) },
  );
  if (isNew) ctx.log.error({ task_id: id, reason }, 'the archive refused a task; it stays in Redis');
}

/** Which of some tasks were refused before: those that are due again, and those that wait. */
export async function splitRefused(ctx: Context, shard: number, ids: readonly string[]) {
  const due = new Set<string>();
  const waiting = new Set<string>();
  const notes = ids.length > 0 ? await ctx.redis.hmget(keys.refusedTasks(shard), ...ids) : [];
  for (const [n, note] of notes.entries()) {
    if (note === null) continue;
    const at = timeOf(objectOf(note)?.at) ?? 0;
    (ctx.now() - at < AGAIN_MS ? waiting : due).add(ids[n] ?? '');
  }
  return { due, waiting };
}

/** How many tasks the archive has refused, and one of them. */
export async function refusedTasks(
  redis: RedisClient,
  shards: Iterable<number>,
): Promise<{ count: number; example: RefusedTask | undefined }> {
  let count = 0;
  let example: RefusedTask | undefined;
  for (const shard of shards) {
    const key = keys.refusedTasks(shard);
    count += await redis.hlen(key);
    const [, [id, note]] = example ? ['', []] : await redis.hscan(key, '0', 'COUNT', 1);
    if (id !== undefined) example = { id, reason: String(objectOf(note)?.reason ?? '') };
  }
  return { count, example };
}
