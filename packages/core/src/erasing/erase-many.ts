import type { EraseProgress, TaskStatusName } from '@agenthook/contracts';
import { countArchived, oldestArchived } from '../archive/list-archived.js';
import type { Context } from '../context.js';
import { removeEvents } from '../intake/rejection-store.js';
import { shardOf, shardOfAgent } from '../queue/task-id.js';
import { ALL_AGENTS, keys } from '../redis/keys.js';
import { cancelOnce } from '../tasks/cancel.js';
import { type Erased, eraseEnded } from './erase.js';

/** How many tasks one call erases and cancels at most. The caller repeats it until none remains. */
const MOST_ERASED = 200;
const MOST_CANCELLED = 50;
const AT_ONCE = 50;

const ENDED = ['SUCCESS', 'FAILURE'] as const;
const OPEN = ['PENDING', 'STARTED'] as const;

/** The tasks to erase: those created before a time, in ms since the epoch, of one agent or of all. */
export interface EraseFilter {
  agentId?: string | undefined;
  beforeMs: number;
  /** Whether to cancel tasks that have not ended, so that they can be erased too. */
  cancel: boolean;
}

/**
 * Erases some of the ended tasks that were created before a time, as eraseTask does, and the agent's
 * rejections and filtered events from before that time. Returns how many tasks are left. The next call
 * completes one that was interrupted. Throws `archive_unavailable`.
 */
export async function eraseTasks(ctx: Context, filter: EraseFilter): Promise<EraseProgress> {
  const { agentId, beforeMs, cancel } = filter;
  const shards = agentId === undefined ? [...ctx.queues.keys()] : [shardOfAgent(agentId, ctx.queues.length)];
  if (agentId !== undefined) await removeEvents(ctx, agentId, { beforeMs });
  const setsOf = (shard: number, statuses: readonly TaskStatusName[]) =>
    statuses.map((status) => keys.taskIndex(shard, agentId ?? ALL_AGENTS, status));

  if (cancel) {
    let room = MOST_CANCELLED;
    for (const shard of shards) {
      const ids = await notCancelled(ctx, shard, setsOf(shard, OPEN), beforeMs, room);
      for (const id of ids) await cancelOnce(ctx, shard, id);
      room -= ids.length;
    }
  }
  let [erased, room] = [0, MOST_ERASED];
  for (const shard of shards) {
    const ids = await oldest(ctx, setsOf(shard, ENDED), beforeMs, room);
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      erased += count(await eraseEnded(ctx, shard, ids.slice(from, from + AT_ONCE), { agentId }));
    }
    room -= ids.length;
  }
  const old = { agentId, toMs: beforeMs };
  const archived = ctx.archive && room > 0 ? await oldestArchived(ctx.archive, old, room) : [];
  for (const shard of shards) {
    const ids = archived.filter((id) => shardOf(id, ctx.queues.length) === shard);
    for (let from = 0; from < ids.length; from += AT_ONCE)
      erased += count(await eraseEnded(ctx, shard, ids.slice(from, from + AT_ONCE), { agentId }));
  }
  const countIn = async (statuses: readonly TaskStatusName[]) => {
    const sets = shards.flatMap((shard) => setsOf(shard, statuses));
    const counts = await Promise.all(sets.map((set) => ctx.redis.zcount(set, '-inf', `(${beforeMs}`)));
    return counts.reduce((sum, n) => sum + n, 0);
  };
  const [remaining, unfinished] = await Promise.all([countIn(ENDED), countIn(OPEN)]);
  const inArchive = ctx.archive ? await countArchived(ctx.archive, old) : 0;
  return { erased, remaining: remaining + inArchive, unfinished };
}

const count = (outcomes: readonly Erased[]): number =>
  outcomes.filter((outcome) => outcome === 'erased').length;

/** The oldest ids in some sets of the index that were created before a time, limited in number. */
async function oldest(
  ctx: Context,
  sets: readonly string[],
  beforeMs: number,
  most: number,
): Promise<string[]> {
  const ids: string[] = [];
  for (const set of sets) {
    const room = most - ids.length;
    if (room > 0) ids.push(...(await ctx.redis.zrangebyscore(set, '-inf', `(${beforeMs}`, 'LIMIT', 0, room)));
  }
  return ids;
}

/**
 * The same, without tasks that their workers were told to stop already: these may take a while, and must not
 * keep the others from their turn.
 */
async function notCancelled(
  ctx: Context,
  shard: number,
  sets: readonly string[],
  beforeMs: number,
  most: number,
): Promise<string[]> {
  const told = new Set(await ctx.redis.zrange(keys.cancelling(shard), '0', '-1'));
  const ids = await oldest(ctx, sets, beforeMs, most + told.size);
  return ids.filter((id) => !told.has(id)).slice(0, most);
}
