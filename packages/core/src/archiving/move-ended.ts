import { sleep } from '@agenthook/async';
import { type Archive, RefusedRow } from '../archive/archive.js';
import { sizeOf } from '../archive/archived-task.js';
import { deleteArchived } from '../archive/erase-archived.js';
import { beginTurn, dropRefused, writeArchived } from '../archive/write-archived.js';
import type { Context } from '../context.js';
import { deliveryIdOf } from '../queue/delivery-id.js';
import { keys, shardPrefix, taskPrefix } from '../redis/keys.js';
import { countEnded } from './archive-backlog.js';
import { beginMoveScript } from './begin-move.script.js';
import { finishMoveScript } from './finish-move.script.js';
import { type Image, readImage } from './read-image.js';
import { noteRefused, splitRefused } from './refused-tasks.js';

/** How many tasks are looked at at once, and how much of them one transaction stores, in bytes. */
const AT_ONCE = 50;
const MOST_BYTES = 4 * 1024 * 1024;
/** The pause between two steps, in ms. Others use Redis and PostgreSQL meanwhile. */
const PAUSE_MS = 20;

/** Where the next turn goes on in each set, by its key, in ms: behind tasks that could not be moved. */
export type MovePlaces = Map<string, number>;

/**
 * Moves finished tasks of a shard into the archive, the oldest first, until `endMs` of `performance.now()`.
 * Those that succeeded and those that failed take turns. A task leaves Redis only after the transaction with
 * its row is committed. A process that dies in between leaves it noted as being moved, and the next one
 * stores it again. One that PostgreSQL refuses stays, and does not stop the others.
 *
 * Throws `archive_unavailable`; then all tasks stay where they are.
 *
 * @param places kept by the caller, if the time may not be enough for all
 */
export async function moveEnded(
  ctx: Context,
  archive: Archive,
  shard: number,
  endMs: number,
  places: MovePlaces = new Map(),
): Promise<void> {
  const until = ctx.now() - archive.afterMs;
  if ((await ctx.redis.hlen(keys.moving(shard))) === 0 && (await countEnded(ctx.redis, shard, until)) === 0)
    return;
  const turn: Turn = { ctx, archive, shard, number: await beginTurn(archive), isOver: false };
  await moveSome(turn, await ctx.redis.hkeys(keys.moving(shard)));
  await dropErased(turn);
  const isTime = () => performance.now() < endMs && !turn.isOver;
  // Each set has at least one step, however long the turn took to begin.
  let lines = [keys.completedJobs(shard), keys.failedJobs(shard)].map((set) => ({ set, stayed: 0 }));
  do {
    const unfinished: typeof lines = [];
    for (const { set, stayed } of lines) {
      const { found, moved, lastMs } = await moveNext(turn, set, until, places.get(set), stayed);
      if (!isTime() && lastMs !== undefined) places.set(set, lastMs);
      else if (found < AT_ONCE) places.delete(set);
      // Those that may not be moved yet stay in front.
      if (found === AT_ONCE) unfinished.push({ set, stayed: stayed + found - moved });
    }
    lines = unfinished;
    if (lines.length > 0) await sleep(PAUSE_MS);
  } while (lines.length > 0 && isTime());
}

/** Moves the next tasks of a set. Returns how many there were, how many moved, and when the last ended. */
async function moveNext(turn: Turn, set: string, until: number, from: number | undefined, stayed: number) {
  const rows = await turn.ctx.redis.zrangebyscore(
    ...([set, from ?? '-inf', until, 'WITHSCORES', 'LIMIT', stayed, AT_ONCE] as const),
  );
  const ids = rows.filter((_, n) => n % 2 === 0);
  const moved = await moveSome(turn, ids);
  return { found: ids.length, moved, lastMs: ids.length > 0 ? Number(rows.at(-1)) : undefined };
}

/** The work of one process until another one takes over. */
interface Turn {
  ctx: Context;
  archive: Archive;
  shard: number;
  number: number;
  isOver: boolean;
}

/** Moves those of some tasks that may be moved. Returns how many have left Redis. */
async function moveSome(turn: Turn, ids: readonly string[]): Promise<number> {
  const { ctx, shard } = turn;
  const { due, waiting } = await splitRefused(ctx, shard, ids);
  const tried = ids.filter((id) => !waiting.has(id));
  if (tried.length === 0) return 0;
  const movable = await beginMoveScript(
    ctx.redis,
    { moving: keys.moving(shard), ended: keys.ended(shard), emptying: keys.emptying(shard) },
    {
      prefix: taskPrefix(shard),
      turn: turn.number,
      tasks: tried.map((id) => ({ id, delivery: keys.delivery(shard, deliveryIdOf(id)) })),
    },
  );
  let [moved, bytes] = [0, 0];
  let batch: Image[] = [];
  const flush = async () => {
    if (batch.length > 0) moved += await store(turn, batch);
    [batch, bytes] = [[], 0];
  };
  for (const id of movable) {
    const image = await readImage(ctx, shard, id).catch(unlessRefused);
    if (!image) continue;
    if (image instanceof RefusedRow) {
      await refuse(turn, id, image);
      continue;
    }
    if (due.has(id)) {
      moved += await store(turn, [image]);
      continue;
    }
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
  const written = await writeArchived(turn.archive, turn.number, batch).catch(unlessRefused);
  let moved = 0;
  if (written instanceof RefusedRow) {
    const [first, ...rest] = batch;
    if (first && rest.length === 0) await refuse(turn, first.id, written);
    // One of them is refused: each by itself.
    else for (const image of batch) if (!turn.isOver) moved += await store(turn, [image]);
    return moved;
  }
  if (!written) {
    turn.isOver = true;
    return 0;
  }
  for (const image of batch) {
    const outcome = await finishMove(turn, image);
    if (outcome === 'moved' || outcome === 'gone') moved++;
    if (outcome === 'taken') turn.isOver = true;
  }
  return moved;
}

function unlessRefused(error: unknown): RefusedRow {
  if (error instanceof RefusedRow) return error;
  throw error;
}

/** Leaves a task in Redis that the archive refused. */
async function refuse(turn: Turn, id: string, { reason }: RefusedRow): Promise<void> {
  if (await dropRefused(turn.archive, turn.number, id))
    await noteRefused(turn.ctx, { shard: turn.shard, turn: turn.number }, { id, reason });
  else turn.isOver = true;
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
