import { deleteArchived } from '../archive/erase-archived.js';
import { readHeads } from '../archive/read-archived.js';
import { releaseBlobs, removeBlobs } from '../blobs/task-blobs.js';
import type { Context } from '../context.js';
import { memberOf } from '../deliveries/log-member.js';
import { AppError } from '../errors.js';
import { removeEventOf } from '../intake/rejection-store.js';
import { EVENT_BODY } from '../queue/burst.js';
import { deliveryIdOf } from '../queue/delivery-id.js';
import { aboutOf, CHILDREN_FIELD, DESTINATIONS_FIELD, OPTIONS_FIELD, TOLD_FIELD } from '../queue/job.js';
import { shardOf } from '../queue/task-id.js';
import { keys, shardPrefix, taskPrefix, textHash } from '../redis/keys.js';
import { cancelOnce } from '../tasks/cancel.js';
import { dropShares } from '../tasks/share/shares.js';
import { unknownTask } from '../tasks/status.js';
import { eraseDeliveries } from './erase-deliveries.js';
import { eraseTaskScript } from './erase-task.script.js';

/** The outcome of erasing a task: it was erased, it does not exist, or it has not ended. */
export type Erased = 'erased' | 'unknown' | 'open';

/** Used if the task's agent is unknown. No agent has this id, so nothing is found under it. */
const NOBODY = 'nobody';

/** What is needed to find all data of a task. */
interface Found {
  agentId: string;
  givenKey: string;
  byRejection: boolean;
  deliveryCreatedMs: number | undefined;
  isPending: boolean;
  /** The tasks that it has called. */
  children: string[];
  /** The deliveries of its end to destinations. */
  sentTo: string | undefined;
  /** The deliveries about its asks. */
  told: string | undefined;
  /** Of a task in the archive: what erase-task.lua cannot read. */
  archived?: { agent: string; conversation?: string | undefined; once: string[] };
}

/** Which tasks are erased, and why. */
interface Erasing {
  /** The tasks' agent if known; an expired task does not contain it. */
  agentId?: string | undefined;
  /** Their time is over. A pending callback delivery then stays, until its end is logged. */
  expires?: boolean;
  /** What they have added to a conversation stays: it outlives its tasks. */
  keepsTurns?: boolean;
}

/**
 * Erases ended tasks of a shard for good, with their payloads, results, journals, deliveries and idempotency
 * keys. Erases data in other hash slots first, so that a retry can complete an interrupted call. Returns the
 * outcomes in the order of the ids. Throws `archive_unavailable`, unless their time is over.
 */
export async function eraseEnded(
  ctx: Context,
  shard: number,
  taskIds: readonly string[],
  { agentId = NOBODY, expires = false, keepsTurns = false }: Erasing = {},
): Promise<Erased[]> {
  const found = await find(ctx, shard, taskIds, agentId, expires);
  const erased = await Promise.all(
    found.map((each, index) => erase(ctx, shard, taskIds[index] ?? '', each, { expires, keepsTurns })),
  );
  const outcomes = expires ? erased : await eraseFromArchive(ctx, taskIds, erased);
  const gone = taskIds.filter((_, index) => outcomes[index] !== 'open');
  if (!expires) await removeBlobs(ctx, shard, gone);
  // One that was about to be moved may be in the archive. Then a sweep decides.
  else if (!ctx.archive) await releaseBlobs(ctx, shard, gone);
  return outcomes;
}

/**
 * Erases tasks from the archive, unless they are open. After a restore, a task may be in Redis and in the
 * archive. Last, so that a retry finds them.
 */
async function eraseFromArchive(
  { archive }: Context,
  taskIds: readonly string[],
  erased: readonly Erased[],
): Promise<Erased[]> {
  const closed = taskIds.filter((_, n) => erased[n] !== 'open');
  if (!archive || closed.length === 0) return [...erased];
  const deleted = new Set(await deleteArchived(archive, closed));
  return taskIds.map((id, n) => (deleted.has(id) ? 'erased' : (erased[n] ?? 'unknown')));
}

/** The fields of jobs that say where a task has data. */
const FOUND_FIELDS = [OPTIONS_FIELD, 'finishedOn', CHILDREN_FIELD, DESTINATIONS_FIELD, TOLD_FIELD];

async function find(
  ctx: Context,
  shard: number,
  taskIds: readonly string[],
  agentId: string,
  expires: boolean,
): Promise<Found[]> {
  const batch = ctx.redis.pipeline();
  for (const id of taskIds) {
    batch.hmget(keys.job(shard, id), ...FOUND_FIELDS);
    batch.hmget(keys.delivery(shard, deliveryIdOf(id)), 'agent_id', 'created_ms', 'status');
  }
  const rows = ((await batch.exec()) ?? []).map(([error, row]) => {
    if (error) throw error;
    return row as (string | null)[];
  });
  const heads = await readHeads(ctx, expires ? [] : taskIds);
  return taskIds.map((id, index) => {
    const head = heads.get(id)?.fields;
    const inArchive = head && foundInArchive(head);
    const row = rows[2 * index] ?? [];
    const isInRedis = Boolean(row[0]);
    const [options, finishedOn, children, sentTo, told] =
      isInRedis || !inArchive ? row : FOUND_FIELDS.map((name) => head[name]);
    const [deliveryAgent, createdMs, status] = rows[2 * index + 1] ?? [];
    const about = aboutOf(options);
    return {
      agentId: about?.agent ?? deliveryAgent ?? agentId,
      givenKey: about?.key ?? '',
      byRejection: about?.trigger === 'rejection' && Boolean(finishedOn),
      deliveryCreatedMs: createdMs ? Number(createdMs) : undefined,
      isPending: status === 'pending',
      children: finishedOn && children ? children.split(' ') : [],
      sentTo: finishedOn && sentTo ? sentTo : undefined,
      told: finishedOn && told ? told : undefined,
      ...(inArchive && { archived: inArchive }),
    };
  });
}

/** What the archive says of a task's places in Redis. */
function foundInArchive(fields: Record<string, string>): Found['archived'] {
  const about = aboutOf(fields[OPTIONS_FIELD]);
  if (!about) return undefined;
  const joined = Object.keys(fields).filter((name) => name.startsWith(EVENT_BODY));
  const names = [fields.deid, ...joined.map((name) => name.slice(EVENT_BODY.length))];
  return {
    agent: about.agent,
    conversation: about.conversation,
    once: names.filter((name) => name !== undefined),
  };
}

async function erase(
  ctx: Context,
  shard: number,
  id: string,
  { agentId, givenKey, byRejection, deliveryCreatedMs, isPending, children, sentTo, told, archived }: Found,
  { expires, keepsTurns }: { expires: boolean; keepsTurns: boolean },
): Promise<Erased> {
  const deliveryId = deliveryIdOf(id);
  if (byRejection) await removeEventOf(ctx, agentId, id);
  if (!expires && (await eraseChildren(ctx, children)) === 'open') return 'open';
  if (!expires) await dropShares(ctx, id);
  if (!expires && sentTo !== undefined) await eraseDeliveries(ctx, sentTo);
  if (told !== undefined) await eraseDeliveries(ctx, told);
  const erased = await eraseTaskScript(
    ctx.redis,
    {
      job: keys.job(shard, id),
      lock: keys.jobLock(shard, id),
      log: keys.taskLog(shard, id),
      files: keys.taskFiles(shard, id),
      completed: keys.completedJobs(shard),
      failed: keys.failedJobs(shard),
      ended: keys.ended(shard),
      ids: keys.indexedIds(shard),
      given: keys.indexedKey(shard, textHash(givenKey)),
      delivery: keys.delivery(shard, deliveryId),
      deliveries: keys.deliveries(shard, agentId),
      pending: keys.pendingDeliveries(shard),
      moving: keys.moving(shard),
    },
    {
      id,
      root: `${shardPrefix(shard)}:`,
      prefix: taskPrefix(shard),
      agent: agentId,
      expires,
      keepsTurn: keepsTurns,
      member: deliveryCreatedMs === undefined ? '' : memberOf(deliveryId, deliveryCreatedMs),
      archived: archived ? JSON.stringify(archived) : '',
    },
  );
  // The job holds only an id and finds nothing to do. If a worker holds it, it ends on its own.
  const keepsDelivery = deliveryCreatedMs === undefined || (isPending && expires);
  if (!keepsDelivery && erased !== 'open') await ctx.callbacks[shard]?.remove(deliveryId);
  return erased;
}

/** Erases the tasks that an ended task has called. They were told to stop, but one may still be running. */
async function eraseChildren(ctx: Context, ids: readonly string[]): Promise<Erased | undefined> {
  let open: Erased | undefined;
  for (const id of ids) {
    const shard = shardOf(id, ctx.queues.length);
    if (shard === undefined) continue;
    const erased = await eraseEnded(ctx, shard, [id]);
    if (erased[0] !== 'open') continue;
    await cancelOnce(ctx, shard, id);
    const [again] = await eraseEnded(ctx, shard, [id]);
    if (again === 'open') open = again;
  }
  return open;
}

/**
 * Erases an ended task for good: payload, result, journal, callback delivery, idempotency key, and the
 * rejection that it was created from. Counters stay. Throws `unknown_task`, `task_not_finished`.
 */
export async function eraseTask(ctx: Context, taskId: string): Promise<void> {
  const shard = shardOf(taskId, ctx.queues.length);
  if (shard === undefined) throw unknownTask();
  const [erased] = await eraseEnded(ctx, shard, [taskId]);
  if (erased === 'unknown') throw unknownTask();
  if (erased === 'open') {
    throw new AppError('task_not_finished');
  }
}
