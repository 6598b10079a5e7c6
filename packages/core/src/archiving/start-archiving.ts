import { every } from '@agenthook/async';
import { deleteExpired } from '../archive/erase-archived.js';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { type MovePlaces, moveEnded } from './move-ended.js';

/** How often a process tries to take its turn, and how long a turn keeps the others from theirs, in ms. */
const LOOK_MS = 1_000;
const TURN_MS = 5_000;
/** How long one turn moves tasks, in ms. */
const WORK_MS = 4_000;
/** How often a process looks for tasks whose time in the archive is over, in ms. */
const EXPIRE_MS = 60_000;

/**
 * Moves finished tasks into the archive, and deletes those whose time there is over. Of any number of
 * processes, one works at a time; if it dies, another one goes on. Returns a function that stops this.
 */
export function startArchiving(ctx: Context): () => void {
  const { archive } = ctx;
  if (!archive) return () => undefined;
  const places: MovePlaces = new Map();
  let expiredAt = Number.NEGATIVE_INFINITY;
  let first = 0;
  const work = async () => {
    const isTurn = await ctx.redis.set(keys.archiveTurn, '1', 'PX', TURN_MS, 'NX');
    if (isTurn === null) return;
    const endMs = performance.now() + WORK_MS;
    // Each shard has its part of the time, and another one is the first each time.
    const shards = [...ctx.queues.keys()];
    first = (first + 1) % shards.length;
    for (const n of shards.keys()) {
      const partMs = (endMs - performance.now()) / (shards.length - n);
      const shard = shards[(first + n) % shards.length] ?? 0;
      await moveEnded(ctx, archive, shard, performance.now() + partMs, places);
    }
    if (performance.now() - expiredAt >= EXPIRE_MS) {
      expiredAt = performance.now();
      // At least once: moving may have used up the turn.
      while ((await deleteExpired(archive, ctx.now())) && performance.now() < endMs);
    }
    await ctx.redis.pexpire(keys.archiveTurn, LOOK_MS);
  };
  // The archive itself says when it is not there.
  return every(LOOK_MS, work, (error) => ctx.log.debug({ err: error }, 'archiving failed'));
}
