import { once } from 'node:events';
import type { Context } from '../../context.js';
import { LOGGED_EVENT, STARTED_EVENT } from '../../queue/job.js';
import { LISTEN_MS, type RedisClient } from '../../redis/connect.js';
import { keys } from '../../redis/keys.js';

/**
 * BullMQ's events after which a task has ended or no longer exists. `failed` comes only for the last attempt.
 */
const ENDS = new Set(['completed', 'failed', 'removed']);

/** Events after which the task's state or journal has changed. */
const CHANGES = new Set([STARTED_EVENT, 'delayed', LOGGED_EVENT]);

const AT_ONCE = 1_000;
const RETRY_MS = 100;

/** Listens to the tasks of one shard, while someone waits for any of them. */
export interface Follower {
  /** Starts listening unless it already does. Resolves once no later event can be missed. */
  start(): Promise<void>;
}

/**
 * Creates a follower of a shard's event stream on `redis`, which it blocks: one connection per shard. After a
 * reconnect it continues after the last event seen. It stops while `needed` is false.
 */
export function createFollower(
  ctx: Context,
  redis: RedisClient,
  shard: number,
  needed: () => boolean,
  onEvent: (taskId: string, ended: boolean) => void,
): Follower {
  const stream = keys.queueEvents(shard);
  let started: Promise<void> | undefined;

  /** Retries a command until Redis answers, while someone waits. Undefined once no one does. */
  const insist = async <T>(ask: () => Promise<T>): Promise<T | undefined> => {
    while (needed()) {
      try {
        return await ask();
      } catch (error) {
        ctx.log.debug({ err: error }, 'following task events failed');
        // The unanswered command may still block the connection.
        if (redis.status === 'ready') redis.disconnect(true);
        await once(redis, 'ready', { signal: AbortSignal.timeout(RETRY_MS) }).catch(() => undefined);
      }
    }
    return undefined;
  };

  const follow = async (from: string): Promise<void> => {
    for (let last = from; needed(); ) {
      const answer = await insist(() =>
        redis.xread('COUNT', AT_ONCE, 'BLOCK', LISTEN_MS, 'STREAMS', stream, last),
      );
      for (const [id, fields] of answer?.[0]?.[1] ?? []) {
        last = id;
        const [, event = '', , taskId = ''] = fields;
        if (ENDS.has(event)) onEvent(taskId, true);
        else if (CHANGES.has(event)) onEvent(taskId, false);
      }
    }
    // Runs in the same step as the last call of `needed`, so a caller who comes now starts it again.
    started = undefined;
  };

  const begin = async (): Promise<void> => {
    const newest = await insist(() => redis.xrevrange(stream, '+', '-', 'COUNT', 1));
    void follow(newest?.[0]?.[0] ?? '0-0');
  };
  return {
    start: () => {
      started ??= begin();
      return started;
    },
  };
}
