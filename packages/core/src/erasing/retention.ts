import { every, sleep } from '@agenthook/async';
import { setRetention } from '../archive/erase-archived.js';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { expiryOf } from '../queue/ended-task.js';
import { shardOfAgent } from '../queue/task-id.js';
import { keys } from '../redis/keys.js';
import { emptyEnded } from '../tasks/ended/empty-ended.js';
import { eraseEnded } from './erase.js';
import { forgetChangeScript } from './forget-change.script.js';

const AT_ONCE = 200;
/** The pause between two steps, in ms. Others use Redis meanwhile. */
const PAUSE_MS = 20;
/** How often to look for tasks whose texts are to be removed, in ms. */
const EMPTY_MS = 1_000;

/**
 * Removes ended tasks whose agent keeps them for less long than the installation, with everything that is
 * stored of them. Applies changed retentions to tasks that have ended already.
 */
export async function sweepExpiring(ctx: Context): Promise<void> {
  for (const [agentId, change] of Object.entries(await ctx.redis.hgetall(keys.retentionChanges))) {
    await applyChange(ctx, agentId, change).catch((error) => {
      // A later sweep applies it again, when the archive is back.
      if (!(error instanceof AppError)) throw error;
    });
  }
  for (const shard of ctx.queues.keys()) {
    for (let read = AT_ONCE; read === AT_ONCE; ) {
      const ids = await ctx.redis.zrangebyscore(keys.expiring(shard), '-inf', ctx.now(), 'LIMIT', 0, AT_ONCE);
      await eraseEnded(ctx, shard, ids, { expires: true });
      read = ids.length;
      if (read === AT_ONCE) await sleep(PAUSE_MS);
    }
  }
}

/**
 * Gives all ended tasks of an agent the end that its current retention says. If the process dies, or the
 * agent is saved again meanwhile, a later sweep does it again.
 */
async function applyChange(ctx: Context, agentId: string, change: string): Promise<void> {
  const shard = shardOfAgent(agentId, ctx.queues.length);
  const [, days = ''] = change.split(' ');
  for (const status of ['SUCCESS', 'FAILURE'] as const) {
    const index = keys.taskIndex(shard, agentId, status);
    for (let cursor = '0'; ; ) {
      const [next, found] = await ctx.redis.zscan(index, cursor, 'COUNT', AT_ONCE);
      await setExpiry(
        ctx,
        shard,
        found.filter((_, n) => n % 2 === 0),
        days,
      );
      if (next === '0') break;
      cursor = next;
      await sleep(PAUSE_MS);
    }
  }
  if (ctx.archive) await setRetention(ctx.archive, agentId, days === '' ? null : Number(days));
  await forgetChangeScript(ctx.redis, { changes: keys.retentionChanges }, { id: agentId, change });
}

async function setExpiry(ctx: Context, shard: number, ids: string[], days: string): Promise<void> {
  if (ids.length === 0) return;
  if (days === '') return void (await ctx.redis.zrem(keys.expiring(shard), ...ids));
  const batch = ctx.redis.pipeline();
  for (const id of ids) batch.hget(keys.job(shard, id), 'finishedOn');
  const ends = ((await batch.exec()) ?? []).flatMap(([error, finished], n) => {
    if (error) throw error;
    return finished ? [expiryOf(Number(finished), Number(days)), ids[n] ?? ''] : [];
  });
  if (ends.length > 0) await ctx.redis.zadd(keys.expiring(shard), ...ends);
}

/** Removes the texts of ended tasks whose agents keep none. Returns a function that stops this. */
export function startEmptying(ctx: Context): () => void {
  const empty = async () => {
    for (const shard of ctx.queues.keys()) while (await emptyEnded(ctx, shard));
  };
  return every(EMPTY_MS, empty, (error) => ctx.log.warn({ err: error }, 'removing texts failed'));
}
