import { sleep } from '@agenthook/async';
import type { Archive } from '../archive/archive.js';
import { sizeOf } from '../archive/archived-task.js';
import { deleteArchived } from '../archive/erase-archived.js';
import { beginTurn, writeArchived } from '../archive/write-archived.js';
import type { Context } from '../context.js';
import { deliveryIdOf } from '../queue/delivery-id.js';
import { keys, shardPrefix, taskPrefix } from '../redis/keys.js';
import { beginMoveScript } from './begin-move.script.js';
import { finishMoveScript } from './finish-move.script.js';
import { type Image, readImage } from './read-image.js';

/** How many tasks are looked at at once, and how much of them one transaction stores, in bytes. */
const AT_ONCE = 50;
const MOST_BYTES = 4 * 1024 * 1024;
/** The pause between two steps, in ms. Others use Redis and PostgreSQL meanwhile. */
const PAUSE_MS = 20;

/**
 * Moves finished tasks of a shard into the archive, the oldest first, until `endMs` of `performance.now()`. A
 * task leaves Redis only after the transaction with its row is committed. A process that dies in between
 * leaves it noted as being moved, and the next one stores it again.
 *
 * Throws `archive_unavailable`; then all tasks stay where they are.
 */
export async function moveEnded(ctx: Context, archive: Archive, shard: number, endMs: number): Promise<void> {
  const until = ctx.now() - archive.afterMs;
  if ((await ctx.redis.hlen(keys.moving(shard))) === 0 && (await countDue(ctx, shard, until)) === 0) return;
  const turn: Turn = { ctx, archive, shard, number: await beginTurn(archive), isOver: false };
  await moveSome(turn, await ctx.redis.hkeys(keys.moving(shard)));
  await dropErased(turn);
  for (const set of [keys.completedJobs(shard), keys.failedJobs(shard)]) {
    for (let left = 0; performance.now() < endMs && !turn.isOver; ) {
      const ids = await ctx.redis.zrangebyscore(set, '-inf', until, 'LIMIT', left, AT_ONCE);
      // Those that may not be moved yet stay in front.
      left += ids.length - (await moveSome(turn, ids));
      if (ids.length < AT_ONCE) break;
      await sleep(PAUSE_MS);
    }
  }
}

/** The work of one process until another one takes over. */
interface Turn {
  ctx: Context;
  archive: Archive;
  shard: number;
  number: number;
  isOver: boolean;
}

/** How many tasks ended before a time, in ms. */
async function countDue(ctx: Context, shard: number, until: number): Promise<number> {
  const sets = [keys.completedJobs(shard), keys.failedJobs(shard)];
  const counts = await Promise.all(sets.map((set) => ctx.redis.zcount(set, '-inf', until)));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Moves those of some tasks that may be moved. Returns how many have left Redis. */
async function moveSome(turn: Turn, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0;
  const { ctx, shard } = turn;
  const movable = await beginMoveScript(
    ctx.redis,
    { moving: keys.moving(shard), ended: keys.ended(shard), emptying: keys.emptying(shard) },
    {
      prefix: taskPrefix(shard),
      turn: turn.number,
      tasks: ids.map((id) => ({ id, delivery: keys.delivery(shard, deliveryIdOf(id)) })),
    },
  );
  let [moved, bytes] = [0, 0];
  let batch: Image[] = [];
  const flush = async () => {
    if (batch.length > 0) moved += await store(turn, batch);
    [batch, bytes] = [[], 0];
  };
  for (const id of movable) {
    const image = await readImage(ctx, shard, id);
    if (!image) continue;
    batch.push(image);
    bytes += sizeOf(image.row) + image.files.reduce((sum, file) => sum + file.length, 0);
    if (bytes >= MOST_BYTES) await flush();
    if (turn.isOver) return moved;
  }
  await flush();
  return moved;
}

/** Stores tasks in the archive, and then removes them from Redis. Returns how many have left it. */
async function store(turn: Turn, batch: readonly Image[]): Promise<number> {
  if (!(await writeArchived(turn.archive, turn.number, batch))) {
    turn.isOver = true;
    return 0;
  }
  let moved = 0;
  for (const image of batch) {
    const outcome = await finishMove(turn, image);
    if (outcome === 'moved' || outcome === 'gone') moved++;
    if (outcome === 'taken') turn.isOver = true;
  }
  return moved;
}

/** Removes a task that the archive has from Redis. One that was erased meanwhile leaves the archive, too. */
async function finishMove(turn: Turn, { id, size, successors, once, keyHashes }: Image) {
  const { ctx, shard } = turn;
  const outcome = await finishMoveScript(
    ctx.redis,
    {
      job: keys.job(shard, id),
      log: keys.taskLog(shard, id),
      files: keys.taskFiles(shard, id),
      completed: keys.completedJobs(shard),
      failed: keys.failedJobs(shard),
      ids: keys.indexedIds(shard),
      moving: keys.moving(shard),
    },
    {
      id,
      root: `${shardPrefix(shard)}:`,
      prefix: taskPrefix(shard),
      size,
      successors,
      once: JSON.stringify(once),
      hashes: JSON.stringify(keyHashes),
      turn: turn.number,
    },
  );
  if (outcome === 'gone') await drop(turn, id);
  return outcome;
}

/** Removes from the archive what was erased while it was being moved, perhaps by a process that died. */
async function dropErased(turn: Turn): Promise<void> {
  const { ctx, shard } = turn;
  for (const id of await ctx.redis.hkeys(keys.moving(shard))) {
    if ((await ctx.redis.exists(keys.job(shard, id))) === 1) continue;
    // A task that was moved left both keys in one step.
    if ((await ctx.redis.hexists(keys.moving(shard), id)) === 1) await drop(turn, id);
  }
}

async function drop({ ctx, archive, shard }: Turn, id: string): Promise<void> {
  await deleteArchived(archive, [id]);
  await ctx.redis.hdel(keys.moving(shard), id);
}
