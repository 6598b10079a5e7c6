import { within } from '@agenthook/async';
import type { Context } from '../../context.js';
import { AppError } from '../../errors.js';
import { shardOf } from '../../queue/task-id.js';
import { isRedisUnavailable } from '../../redis/unavailable.js';
import { type EventCursor, formatCursor } from './event-cursor.js';
import { type Audience, type EventPage, readEvents } from './read-events.js';
import { LISTEN_PATIENCE_MS, type Waiters } from './waiters.js';

/** How long until a reading that Redis did not answer is repeated, in ms. */
const RETRY_MS = 1_000;

/** How long a reader that is told to come back should stay away, in seconds. */
const RETRY_AFTER_SECONDS = 5;

/** Events of tasks, for everyone at this process who follows some. */
export interface TaskEvents {
  /**
   * The events of a task after `from` as pages, as they happen, until the task has ended or is gone, `signal` aborts or
   * the waiters are closed. The first page comes at once, be it empty; there is none for an unknown or expired id.
   *
   * The next page is read when it is asked for. So who reads slowly holds one page, and delays nobody. Throws
   * `too_many_streams`, and for the first page what Redis throws; later the reading goes on once Redis is back.
   */
  follow(
    taskId: string,
    from: EventCursor,
    audience: Audience,
    reader: { network: string; signal: AbortSignal },
  ): AsyncGenerator<EventPage>;
}

export function createTaskEvents(ctx: Context, waiters: Waiters): TaskEvents {
  // Those who are at the same place of the same task share one reading, and so one page.
  const readings = new Map<string, Promise<EventPage | undefined>>();
  const read = (taskId: string, from: EventCursor, audience: Audience): Promise<EventPage | undefined> => {
    const key = `${taskId} ${audience} ${formatCursor(from)}`;
    const shared = readings.get(key);
    if (shared) return shared;
    const reading = readEvents(ctx, taskId, from, audience);
    readings.set(key, reading);
    // Who hears of a change later than this needs a reading of its own, for this one may not have it.
    process.nextTick(() => readings.delete(key));
    return reading;
  };

  return {
    follow: async function* (taskId, from, audience, { network, signal }) {
      const shard = shardOf(taskId, ctx.queues.length);
      if (shard === undefined) return;
      const bell = createBell();
      const watcher = waiters.watch(shard, taskId, network, bell.ring);
      if (!watcher) {
        throw new AppError('too_many_streams', undefined, {
          retryAfterSeconds: RETRY_AFTER_SECONDS,
        });
      }
      signal.addEventListener('abort', bell.ring);
      try {
        await within(LISTEN_PATIENCE_MS, watcher.listening, signal);
        // Where listening began later than that, something may have been missed until then.
        void watcher.listening.then(bell.ring);
        let isFirst = true;
        for (let next = from; !signal.aborted && !waiters.closed; ) {
          bell.mute();
          const page = await read(taskId, next, audience).catch((error: unknown) => {
            if (isFirst || !isRedisUnavailable(error)) throw error;
            return 'unavailable' as const;
          });
          if (page === undefined) return;
          if (page === 'unavailable') {
            await within(RETRY_MS, bell.rung(), signal);
            continue;
          }
          next = page.next;
          if (isFirst || page.events.length > 0) yield page;
          isFirst = false;
          if (page.ended) return;
          if (!page.more) await bell.rung();
        }
      } finally {
        signal.removeEventListener('abort', bell.ring);
        watcher.release();
      }
    },
  };
}

/** Rings once for everything that happened since it was muted. */
function createBell() {
  let wake = () => {};
  let rings = false;
  return {
    ring: () => {
      rings = true;
      wake();
    },
    mute: () => {
      rings = false;
    },
    /** Resolves at once if it has rung already. */
    rung: () =>
      new Promise<void>((resolve) => {
        wake = resolve;
        if (rings) resolve();
      }),
  };
}
