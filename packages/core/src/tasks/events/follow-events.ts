import { once } from 'node:events';
import type { Context } from '../../context.js';
import { LOGGED_EVENT, STARTED_EVENT } from '../../queue/job.js';
import { LISTEN_MS, type RedisClient } from '../../redis/connect.js';
import { keys } from '../../redis/keys.js';

/** BullMQ's events after which a task has ended or is gone. `failed` stands for the last attempt alone. */
const ENDS = new Set(['completed', 'failed', 'removed']);

/** Events after which its state or its log is another. */
const CHANGES = new Set([STARTED_EVENT, 'delayed', LOGGED_EVENT]);

const AT_ONCE = 1_000;
const RETRY_MS = 100;

/** Listens to what becomes of the tasks of one shard, while somebody waits for some. */
export interface Follower {
  /** Listens, if it does not yet. Resolves once nothing that happens from now on can be missed. */
  start(): Promise<void>;
}

/**
 * Makes a follower of a shard's event stream on `redis`, which it blocks: one connection for each shard. It goes on
 * after the last event that it has seen when the connection was lost, and rests while `needed` is false.
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

  /** Repeats what Redis did not answer, as long as somebody waits. Undefined once nobody does. */
  const insist = async <T>(ask: () => Promise<T>): Promise<T | undefined> => {
    while (needed()) {
      try {
        return await ask();
      } catch (error) {
        ctx.log.debug({ err: error }, 'following task events failed');
        // It may be blocked by the command whose answer did not come.
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
    // In the same step as the last question whether it is needed: who comes now starts it again.
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
