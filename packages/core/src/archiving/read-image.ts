import { RefusedRow } from '../archive/archive.js';
import { type ArchivedTask, toRow } from '../archive/archived-task.js';
import type { NewArchived } from '../archive/write-archived.js';
import type { Context } from '../context.js';
import { EVENT_BODY, metaOf } from '../queue/burst.js';
import { BODY_HASH, CONTINUED_BY_FIELD, OPTIONS_FIELD, REPLAYS_FIELD, storedOptions } from '../queue/job.js';
import { keys, textHash } from '../redis/keys.js';

/** What finish-move.lua needs of a task that was read. */
export interface Image extends NewArchived {
  id: string;
  /** How many fields its job had, and the tasks that were made from it. */
  size: number;
  successors: string;
  /** Its idempotency keys, each with the hash of its body. */
  once: [name: string, bodyHash: string][];
}

/**
 * Reads a finished task as Redis has it, at one moment; undefined if it is gone. Throws RefusedRow for one
 * that cannot be read.
 */
export async function readImage(ctx: Context, shard: number, id: string): Promise<Image | undefined> {
  const answers = await ctx.redis
    .multi()
    .hgetall(keys.job(shard, id))
    .xrange(keys.taskLog(shard, id), '-', '+')
    .lrange(keys.taskEvents(shard, id), 0, -1)
    .lrangeBuffer(keys.taskFiles(shard, id), 0, -1)
    .exec();
  const [fields, log, events, files] = (answers ?? []).map(([error, value]) => {
    if (error) throw error.message.startsWith('WRONGTYPE') ? new RefusedRow(error.message) : error;
    return value;
  }) as [Record<string, string>, [string, string[]][], string[], Buffer[]];
  if (!fields.finishedOn) return undefined;
  try {
    return toImage(id, { fields, log, events, files });
  } catch {
    throw new RefusedRow('the stored task cannot be read');
  }
}

interface Stored {
  fields: Record<string, string>;
  log: readonly [string, string[]][];
  events: readonly string[];
  files: readonly Buffer[];
}

function toImage(id: string, { fields, log, events, files }: Stored): Image {
  const rows = log.map(([entry, [, json = '']]) => [entry, json] as const);
  const task: ArchivedTask = { id, fields, log: rows, events };
  const metas = events.map(metaOf);
  const { about, [BODY_HASH]: bodyHash } = storedOptions(fields[OPTIONS_FIELD]);
  const names = [fields.deid, ...metas.map(({ once }) => once)].filter((name) => name !== undefined);
  const hashes = [about?.key ? textHash(about.key) : undefined, ...metas.map(({ keyHash }) => keyHash)];
  return {
    id,
    row: toRow(task),
    files,
    keyHashes: [...new Set(hashes.filter((hash) => hash !== undefined))],
    size: Object.keys(fields).length,
    successors: `${fields[REPLAYS_FIELD] ?? ''} ${fields[CONTINUED_BY_FIELD] ?? ''}`,
    once: [...new Set(names)].map((name) => [name, fields[EVENT_BODY + name] ?? bodyHash ?? '']),
  };
}
