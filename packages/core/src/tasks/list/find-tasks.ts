import type { Context } from '../../context.js';
import { keys, textHash } from '../../redis/keys.js';
import type { ArchivedTasks } from './archived-tasks.js';
import { merged, type Place } from './place.js';

/** How many tasks one lookup of a text finds at most in a shard, and how many one command reads. */
const MOST = 20_000;
const AT_ONCE = 1_000;
/** The beginning of a task id. Fewer characters would match too many. */
const ID_BEGINNING = /^[0-9a-f-]{4,36}$/;

/** Finds the tasks whose id begins with a text, or whose idempotency key it is. */
export async function findTasks(ctx: Context, archived: ArchivedTasks, text: string): Promise<Place[]> {
  const beginning = text.toLowerCase();
  const isId = ID_BEGINNING.test(beginning);
  const found = await Promise.all(
    [...ctx.queues.keys()].map(async (shard) => {
      const byKey = await withKey(ctx, shard, text);
      const byId = isId ? await withBeginning(ctx, shard, beginning) : [];
      return await placesOf(ctx, shard, [...new Set([...byKey, ...byId])]);
    }),
  );
  // After Redis: a task leaves it only once it is in the archive.
  return merged(found.flat(), await archived.named(text, isId ? beginning : undefined));
}

async function withKey(ctx: Context, shard: number, text: string): Promise<Set<string>> {
  const found = new Set<string>();
  for (let cursor = '0'; ; ) {
    const [next, ids] = await ctx.redis.sscan(
      keys.indexedKey(shard, textHash(text)),
      cursor,
      'COUNT',
      AT_ONCE,
    );
    for (const id of ids) found.add(id);
    if (next === '0' || found.size >= MOST) return found;
    cursor = next;
  }
}

const withBeginning = (ctx: Context, shard: number, beginning: string): Promise<string[]> =>
  ctx.redis.zrangebylex(keys.indexedIds(shard), `[${beginning}`, `(${beginning}~`, 'LIMIT', 0, MOST);

/** The places of the tasks that still exist. */
async function placesOf(ctx: Context, shard: number, ids: readonly string[]): Promise<Place[]> {
  const places: Place[] = [];
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const some = ids.slice(from, from + AT_ONCE);
    const batch = ctx.redis.pipeline();
    for (const id of some) batch.hget(keys.job(shard, id), 'timestamp');
    const made = (await batch.exec()) ?? [];
    for (const [index, id] of some.entries()) {
      const ms = made[index]?.[1];
      if (typeof ms === 'string') places.push({ id, ms: Number(ms) });
    }
  }
  return places;
}
