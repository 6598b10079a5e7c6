import type { Context } from '../context.js';
import { listenOn, type RedisClient } from '../redis/connect.js';
import { keys } from '../redis/keys.js';
import { createFollower, type Follower } from './follow-ends.js';

/** How often all waiters' tasks are looked at, should an event have been missed, in ms. */
const LOOK_MS = 5_000;
const AT_ONCE = 1_000;

/** More callers than this do not wait at one process: each holds a socket. */
const MAX_WAITERS = 10_000;

/** Somebody who waits for the end of a task. */
interface Waiter {
  /** Resolves once an end from now on can not be missed, and the state may be read. */
  listening: Promise<void>;
  /** Resolves at the task's end, at the latest when the waiters are closed. */
  ended: Promise<void>;
  release(): void;
}

/** Everyone at this process who waits for a task to end. */
export interface Waiters {
  /** Undefined where there are too many, or once closed. */
  add(shard: number, taskId: string): Waiter | undefined;
  /** Lets everyone go, and hangs up. Nobody can wait afterwards. */
  close(): void;
}

interface Shard {
  redis: RedisClient;
  follower: Follower;
  /** By task id: what wakes those who wait for it. */
  waiting: Map<string, Set<() => void>>;
}

/**
 * Opens nothing until somebody waits; then one connection for each shard, however many wait. What an event does not
 * tell, such as the expiry of a task, a look at all tasks that are waited for finds every LOOK_MS.
 */
export function createWaiters(ctx: Context): Waiters {
  const shards = new Map<number, Shard>();
  let count = 0;
  let closed = false;
  let looking: NodeJS.Timeout | undefined;

  const wake = ({ waiting }: Pick<Shard, 'waiting'>, taskId: string) => {
    for (const end of waiting.get(taskId) ?? []) end();
  };
  const open = (shard: number): Shard => {
    const redis = listenOn(ctx.redis, ctx.log);
    const waiting: Shard['waiting'] = new Map();
    const needed = () => !closed && waiting.size > 0;
    const follower = createFollower(ctx, redis, shard, needed, (id) => wake({ waiting }, id));
    return { redis, follower, waiting };
  };

  const look = async () => {
    for (const [number, shard] of shards) {
      const ids = [...shard.waiting.keys()];
      for (let from = 0; from < ids.length; from += AT_ONCE) {
        const some = ids.slice(from, from + AT_ONCE);
        const batch = ctx.redis.pipeline();
        for (const id of some) batch.hmget(keys.job(number, id), 'timestamp', 'finishedOn');
        const rows = (await batch.exec()) ?? [];
        for (const [index, [error, row]] of rows.entries()) {
          const [timestamp, finishedOn] = (row ?? []) as (string | null)[];
          if (!error && (!timestamp || finishedOn)) wake(shard, some[index] ?? '');
        }
      }
    }
  };
  let busy = false;
  const lookOnce = () => {
    if (busy) return;
    busy = true;
    look()
      .catch((error) => ctx.log.debug({ err: error }, 'looking at tasks that are waited for failed'))
      .finally(() => {
        busy = false;
      });
  };

  return {
    add: (number, taskId) => {
      if (closed || count >= MAX_WAITERS) return undefined;
      const shard = shards.get(number) ?? open(number);
      shards.set(number, shard);
      const { promise: ended, resolve } = withResolve();
      const others = shard.waiting.get(taskId) ?? new Set();
      shard.waiting.set(taskId, others.add(resolve));
      count += 1;
      looking ??= setInterval(lookOnce, LOOK_MS);
      return {
        listening: shard.follower.start(),
        ended,
        release: () => {
          if (!others.delete(resolve)) return;
          if (others.size === 0) shard.waiting.delete(taskId);
          count -= 1;
          if (count > 0) return;
          clearInterval(looking);
          looking = undefined;
        },
      };
    },
    close: () => {
      closed = true;
      clearInterval(looking);
      for (const { redis, waiting } of shards.values()) {
        for (const ends of waiting.values()) for (const end of ends) end();
        // At once: a polite close waits for the blocked command.
        redis.disconnect();
      }
    },
  };
}

function withResolve(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
