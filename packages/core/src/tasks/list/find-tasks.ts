import type { Context } from '../../context.js';
import { keys, textHash } from '../../redis/keys.js';
import type { Place } from './place.js';

/** How many tasks one lookup of a text reads at most. */
const MOST = 500;
/** The beginning of a task id. Fewer characters would match too many. */
const ID_BEGINNING = /^[0-9a-f-]{4,36}$/;

/** Finds the tasks whose id begins with a text, or whose idempotency key it is. */
export async function findTasks(ctx: Context, text: string): Promise<Place[]> {
  const beginning = text.toLowerCase();
  const found = await Promise.all(
    [...ctx.queues.keys()].map(async (shard) => {
      const [byKey, byId] = await Promise.all([
        ctx.redis.srandmember(keys.indexedKey(shard, textHash(text)), MOST),
        ID_BEGINNING.test(beginning)
          ? ctx.redis.zrangebylex(keys.indexedIds(shard), `[${beginning}`, `(${beginning}~`, 'LIMIT', 0, MOST)
          : [],
      ]);
      const ids = [...new Set([...byKey, ...byId])];
      const batch = ctx.redis.pipeline();
      for (const id of ids) batch.hget(keys.job(shard, id), 'timestamp');
      const made = (await batch.exec()) ?? [];
      return ids.flatMap((id, index) => {
        const ms = made[index]?.[1];
        return typeof ms === 'string' ? [{ id, ms: Number(ms) }] : [];
      });
    }),
  );
  return found.flat();
}
