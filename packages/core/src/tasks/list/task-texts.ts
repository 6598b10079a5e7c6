import type { TaskFailure, TaskSuccess } from '@agenthook/contracts';
import { parseJson } from '@agenthook/json';
import { pauses } from '../../agents/documents/pauses.js';
import { readArchived } from '../../archive/read-archived.js';
import type { Context } from '../../context.js';
import { parseFailure } from '../../queue/failure.js';
import { payloadOf, type TaskData } from '../../queue/job.js';
import { keys } from '../../redis/keys.js';
import { unpackedBytes } from '../../redis/pack-text.js';
import { unlessSealed } from '../../sealing/seal.js';
import { runData } from '../bursts/burst-events.js';
import { readTexts } from '../ended/ended-texts.js';

/** What came in and what came out. */
export interface TaskTexts {
  event: { payload: unknown; headers: Record<string, string>; query: unknown };
  /** undefined for a task that has not ended. */
  result: TaskSuccess | TaskFailure | undefined;
  /** How long the stored texts are without compression, in characters or bytes. */
  size: number;
}

/** How much of stored texts one command reads, in bytes, unless a single task has more. */
const MOST_BYTES = 1024 * 1024;

const TEXT_FIELDS = ['data', 'returnvalue', 'failedReason'] as const;

/**
 * Reads the texts of one shard's tasks, a few at a time, in order; undefined for those that no longer exist.
 * Lets other work run in between.
 */
export async function* readTaskTexts(
  ctx: Context,
  shard: number,
  ids: readonly string[],
): AsyncGenerator<TaskTexts | undefined> {
  const sizes = await sizesOf(ctx, shard, ids);
  const pause = pauses();
  for (let from = 0; from < ids.length; ) {
    let [to, bytes] = [from, 0];
    do bytes += sizes[to++] ?? 0;
    while (to < ids.length && bytes + (sizes[to] ?? 0) <= MOST_BYTES);
    const chunk = ids.slice(from, to);
    const batch = ctx.redis.pipeline();
    for (const id of chunk) batch.hmget(keys.job(shard, id), ...TEXT_FIELDS);
    const rows = (await batch.exec()) ?? [];
    for (const [n, id] of chunk.entries()) {
      // A search leaves out what cannot be opened.
      const texts = textsOf(ctx, shard, id, (rows[n]?.[1] ?? []) as (string | null)[]);
      yield await texts.catch(unlessSealed);
      await pause();
    }
    from = to;
  }
}

async function sizesOf(ctx: Context, shard: number, ids: readonly string[]): Promise<number[]> {
  const batch = ctx.redis.pipeline();
  for (const id of ids) for (const field of TEXT_FIELDS) batch.hstrlen(keys.job(shard, id), field);
  const sizes = ((await batch.exec()) ?? []).map(([, size]) => Number(size ?? 0));
  return ids.map((_, n) =>
    sizes.slice(n * TEXT_FIELDS.length, (n + 1) * TEXT_FIELDS.length).reduce((sum, size) => sum + size, 0),
  );
}

async function textsOf(
  ctx: Context,
  shard: number,
  id: string,
  [data, success, failure]: (string | null)[],
): Promise<TaskTexts | undefined> {
  const stored = success ?? failure;
  const texts = stored ? await readTexts(ctx, stored) : undefined;
  const json = data || texts?.data;
  if (!json && !stored) return await archivedTexts(ctx, shard, id);
  if (!json) return undefined;
  const task = await runData(ctx, shard, id, JSON.parse(json) as TaskData);
  return {
    event: { payload: await payloadOf(task), headers: task.headers, query: task.query ?? {} },
    result: texts && (success ? (parseJson(texts.result) as TaskSuccess) : parseFailure(texts.result)),
    size: (stored ? unpackedBytes(stored) : 0) + (data?.length ?? 0),
  };
}

async function archivedTexts(ctx: Context, shard: number, id: string): Promise<TaskTexts | undefined> {
  const archived = await readArchived(ctx, id);
  if (!archived) return undefined;
  const { data, returnvalue, failedReason } = archived.fields;
  if (!returnvalue && !failedReason) return undefined;
  return await textsOf(ctx, shard, id, [data ?? null, returnvalue ?? null, failedReason ?? null]);
}
