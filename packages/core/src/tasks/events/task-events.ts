import { within } from '@agenthook/async';
import type { Context } from '../../context.js';
import { AppError } from '../../errors.js';
import { shardOf } from '../../queue/task-id.js';
import { isRedisUnavailable } from '../../redis/unavailable.js';
import { type EventCursor, formatCursor } from './event-cursor.js';
import { type Audience, type EventPage, readEvents } from './read-events.js';
import { LISTEN_PATIENCE_MS, type Waiters } from './waiters.js';

/** How long until a read that Redis did not answer is retried, in ms. */
const RETRY_MS = 1_000;

/** The Retry-After for a refused reader, in seconds. */
const RETRY_AFTER_SECONDS = 5;

/** Events of tasks, for all readers of this process. */
export interface TaskEvents {
  /**
   * Yields the events of a task after `from` as pages, as they happen, until the task ends or no longer
   * exists, `signal` aborts, or the waiters are closed. The first page comes at once, even if it is empty.
   * Yields no page for an unknown or expired id.
   *
   * Reads the next page only on demand, so a slow reader holds one page and delays no one. Throws
   * `too_many_streams`, and for the first page what Redis throws. Later reads are retried until Redis is
   * available again.
   */
  follow(
    taskId: string,
    from: EventCursor,
    audience: Audience,
    reader: { network: string; signal: AbortSignal },
  ): AsyncGenerator<EventPage>;
}

export function createTaskEvents(ctx: Context, waiters: Waiters): TaskEvents {
  // Readers at the same position of the same task share one read and its page.
  const readings = new Map<string, Promise<EventPage | undefined>>();
  const read = (taskId: string, from: EventCursor, audience: Audience): Promise<EventPage | undefined> => {
    const key = `${taskId} ${audience} ${formatCursor(from)}`;
    const shared = readings.get(key);
    if (shared) return shared;
    const reading = readEvents(ctx, taskId, from, audience);
    readings.set(key, reading);
    // Later changes need a fresh read; this one may predate them.
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
        // If listening began later than that, an event may have been missed until then.
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
    /** Resolves at once if the bell has already rung. */
    rung: () =>
      new Promise<void>((resolve) => {
        wake = resolve;
        if (rings) resolve();
      }),
  };
}
