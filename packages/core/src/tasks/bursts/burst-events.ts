import { type BurstEvent, iso } from '@agenthook/contracts';
import { readArchived } from '../../archive/read-archived.js';
import type { Context } from '../../context.js';
import type { BurstMeta } from '../../queue/burst.js';
import { payloadOf, type TaskData } from '../../queue/job.js';
import { keys } from '../../redis/keys.js';
import { openEvent } from '../../sealing/sealed-event.js';

interface StoredEvent {
  meta: BurstMeta;
  data: TaskData;
}

/** The events of a burst's task, in order of arrival. */
async function readEvents(ctx: Context, shard: number, taskId: string): Promise<StoredEvent[]> {
  const kept = await ctx.redis.lrange(keys.taskEvents(shard, taskId), 0, -1);
  const stored = kept.length > 0 ? kept : ((await readArchived(ctx, taskId))?.events ?? []);
  return await Promise.all(
    stored.map(async (text) => {
      const end = text.indexOf('\n');
      const data = await openEvent(ctx, JSON.parse(text.slice(end + 1)) as TaskData);
      return { meta: JSON.parse(text.slice(0, end)), data };
    }),
  );
}

/**
 * The data that a task runs with: its own or, for a burst of which the run gets all events, with
 * their payloads as `events`, and their files.
 */
export async function runData(
  ctx: Context,
  shard: number,
  taskId: string,
  stored: TaskData,
): Promise<TaskData> {
  const data = await openEvent(ctx, stored);
  if (data.burst !== 'all') return data;
  const events = await readEvents(ctx, shard, taskId);
  const { payload_json: _, ...newest } = data;
  const files = events.flatMap((event) => event.data.files ?? []);
  return {
    ...newest,
    payload: { events: await Promise.all(events.map((event) => payloadOf(event.data))) },
    ...(files.length > 0 && { files }),
  };
}

/** The events of a burst, as a trace shows them; undefined for a task of one event. */
export async function shownEvents(
  ctx: Context,
  shard: number,
  taskId: string,
  { burst }: TaskData,
): Promise<BurstEvent[] | undefined> {
  if (burst === undefined) return undefined;
  const events = await readEvents(ctx, shard, taskId);
  return await Promise.all(
    events.map(async ({ meta, data }) => ({
      at: iso(meta.at),
      idempotency_key: meta.key ?? null,
      payload: await payloadOf(data),
      headers: data.headers,
      query: data.query ?? {},
    })),
  );
}
